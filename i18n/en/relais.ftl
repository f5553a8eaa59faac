### Interface strings in English.

## Everywhere

home = Home
skip-link = Skip to content
menu = Main menu
languages = Languages
breadcrumbs = Breadcrumbs
facts-only = facts only
choose-language = Choose your language
in-language = in { $language }
feed = Follow updates
changes = Follow deadlines and results
published-by = Publisher
about-site = About this site
label-separator = { ": " }
yes = Yes
no = No

## Standing in time

status = Status
status-open = Open
status-closing-soon = Closing soon
status-closed = Closed
status-forthcoming = Forthcoming
status-running = Ongoing
status-ended = Ended

## Dates, deadlines and amounts

deadline-extended = extended; previously
deadline-stage = Stage
deadline-cut-off = Cut-off date
deadline-expression-of-interest = Expression of interest
deadline-final = Final deadline

period-since = since { $date }
period-until = until { $date }

money-approx = about { $amount }
money-per-project = { $amount } per project
money-per-year = { $amount } a year
money-from = from { $amount }
money-up-to = up to { $amount }

zone-Europe-Brussels = Brussels time
zone-Europe-Paris = Paris time
zone-Europe-Stockholm = Stockholm time
zone-Europe-Madrid = Madrid time
zone-Europe-Riga = Riga time
zone-Europe-London = London time
zone-UTC = UTC
zone-Etc-UTC = UTC

## Lists and filters

map = On the map
timeline = Over time
results =
    { $count ->
        [one] { $count } result
       *[other] { $count } results
    }
entries-count =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
and-more = and { $count } more
more-elsewhere =
    { $count ->
        [one] { $count } more entry in { $language }.
       *[other] { $count } more entries in { $language }.
    }
facets = Filters
narrow-by = Narrow the list
active-filters = Active filters
remove-filter = Remove the filter
previous = Previous page
next = Next page
pages = Pages of the list
page-slug = page
page-title = { $title } – page { $number }
page-of = Page { $number } of { $count }
directory = A–Z index
directory-title = { $type } A–Z

## Home

featured = Featured
open-now = Open for applications
latest = Latest
explore = Explore the portal

## Entry

facts-heading = Key facts
contents = On this page
sources = Sources
says = says
accessed-on = accessed
checked-on = Last checked
disputed = Sources disagree
related = See also
demo = Example
draft = Draft

## Notices to readers

notice-draft = This entry is a draft.
notice-scheduled = This entry is not published yet.
notice-expired = This entry is kept for the record and is no longer updated.
notice-superseded = A newer entry replaces this one.
notice-demo = This entry is an example: it shows a feature of the portal and describes nothing real.
notice-facts = This text has not been written in { $language } yet. The facts are in your language, the text in { $shown }.
notice-machine = Machine translation from { $language }, not reviewed.
notice-outdated = The original in { $language } has changed since this translation was made.

## Page not found

not-found-title = Page not found
not-found-text = The address may be mistyped, or the page may have moved.
not-found-home = Back to the home page
not-found-sections = Or choose a section

moved-title = This page has moved
gone-title = This page has been removed
gone-text = What was here is no longer published.
empty-title = Nothing here at the moment
empty-text = There are no entries under this heading now. There may be some again later.

# Link texts that say nothing by themselves, for a check of bodies; separated by |.
vague-link-texts = read more | more | learn more | click here | here | find out more | see more | more information

# A time zone that has no message of its own.
zone-other = { $city } time
file-size-kilobytes = { $size } kB
file-size-megabytes = { $size } MB
aliases = Also known as

## Calendar

calendar = Calendar
calendar-slug = calendar
calendar-year = Calendar for { $year }
calendar-description = Deadlines and events, month by month.
calendar-coming = Coming up
calendar-last = Nothing is announced for now. The latest dates:
calendar-years = Years
calendar-file = Follow in your own calendar (iCalendar)

## Ways in

search = Find
search-slug = find
search-description = Every way into the portal: by kind of content, by topic, by country.
coverage = What is written in which language
coverage-text = How many texts there are in each language. Where one is missing, its facts are still shown in yours.
content-type = Kind of content
in-all = In all

## Pictures of who belongs to what

others = Others
other-languages = In other languages

## Data for other programs

data-slug = open-data
data-title = Open data
data-description = Everything in this portal as files for spreadsheets and programs.
data-lead = The facts in this portal are also published as files, which are rebuilt whenever the portal is. They hold what its lists show, examples included and marked as such.
data-licence = Licence
data-no-licence = No licence has been chosen for these data yet: ask the publisher before you use them.
data-types = By kind of content
data-csv = CSV is for spreadsheets: one row per entry, in the language of your choice. It leaves out long texts and nested facts.
data-json = JSON is for programs: all facts with their sources, in every language. Each entry’s page links to a file of its own.
data-tables = Tables (CSV)
data-vocabularies = Vocabularies
data-vocabularies-text = The terms that entries are filed under, with their labels in every language (SKOS).
data-catalogue-heading = Catalogue
data-catalogue-text = A description of all these files for data portals (DCAT-AP).
data-catalogue = { $site }: open data
data-of-type = All entries under “{ $type }”, with their facts and sources.
data-of-vocabulary = The terms of the vocabulary “{ $vocabulary }”, with their labels in every language.
data-entry = This page’s facts as data (JSON)
data-id = Identifier
data-title-column = Title
data-language = Language of the text
data-summary = Summary
data-address = Address

## News from the network

network-title = News from the network
network-note = From the feeds of our partners. Each link leads to its publisher’s site, which is responsible for what it says.

## Feed of changes

feed-changes = Deadlines and results: { $title }
change-extended = Deadline extended to { $date }: { $title }
change-closing = Closing on { $date }: { $title }
change-results = Results published: { $title }
