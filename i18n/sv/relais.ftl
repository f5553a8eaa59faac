### Gränssnittets texter på svenska.

## Överallt

home = Startsida
skip-link = Gå till innehållet
menu = Huvudmeny
languages = Språk
breadcrumbs = Länkstig
facts-only = endast fakta
choose-language = Välj språk
in-language = på { $language }
feed = Följ uppdateringar
changes = Följ tidsfrister och resultat
published-by = Utgivare
about-site = Om webbplatsen
label-separator = { ": " }
yes = Ja
no = Nej

## Läge i tiden

status = Status
status-open =
    { $gender ->
        [neuter] Öppet
       *[other] Öppen
    }
status-closing-soon = Stänger snart
status-closed =
    { $gender ->
        [neuter] Stängt
       *[other] Stängd
    }
status-forthcoming = Kommande
status-running = Pågående
status-ended =
    { $gender ->
        [neuter] Avslutat
       *[other] Avslutad
    }

## Datum, tidsfrister och belopp

deadline-extended = förlängd tid; tidigare
deadline-stage = Delsteg
deadline-cut-off = Avstämningsdatum
deadline-expression-of-interest = Intresseanmälan
deadline-final = Sista ansökningsdag

period-since = sedan { $date }
period-until = till och med { $date }

money-approx = cirka { $amount }
money-per-project = { $amount } per projekt
money-per-year = { $amount } per år
money-from = från { $amount }
money-up-to = upp till { $amount }

zone-Europe-Brussels = Brysseltid
zone-Europe-Paris = Paristid
zone-Europe-Stockholm = svensk tid
zone-Europe-Madrid = Madridtid
zone-Europe-Riga = Rigatid
zone-Europe-London = Londontid
zone-UTC = UTC
zone-Etc-UTC = UTC

## Listor och filter

map = På kartan
timeline = Över tid
results =
    { $count ->
        [one] { $count } träff
       *[other] { $count } träffar
    }
entries-count =
    { $count ->
        [one] { $count } sida
       *[other] { $count } sidor
    }
and-more = och { $count } till
more-elsewhere =
    { $count ->
        [one] { $count } sida till på { $language }.
       *[other] { $count } sidor till på { $language }.
    }
facets = Filter
narrow-by = Avgränsa listan
active-filters = Valda filter
remove-filter = Ta bort filtret
previous = Föregående sida
next = Nästa sida
pages = Listans sidor
page-slug = sida
page-title = { $title } – sida { $number }
page-of = Sida { $number } av { $count }
directory = A–Ö
directory-title = { $type } A–Ö

## Startsida

featured = Utvalt
open-now = Öppet för ansökan
latest = Senast publicerat
explore = Utforska portalen

## En sida om något

facts-heading = Fakta
contents = På den här sidan
sources = Källor
says = anger
accessed-on = hämtad
checked-on = Senast kontrollerat
disputed = Källorna går isär
related = Läs också
demo = Exempel
draft = Utkast

## Meddelanden till läsaren

notice-draft = Den här sidan är ett utkast.
notice-scheduled = Den här sidan är ännu inte publicerad.
notice-expired = Den här sidan finns kvar som dokumentation och uppdateras inte längre.
notice-superseded = Den här sidan har ersatts av en nyare.
notice-demo = Den här sidan är ett exempel: den visar en av portalens funktioner och beskriver inget verkligt.
notice-facts = Texten finns ännu inte på { $language }. Fakta visas på ditt språk, texten på { $shown }.
notice-machine = Maskinöversatt från { $language }, inte granskad.
notice-outdated = Originalet på { $language } har ändrats sedan översättningen gjordes.

## Sidan hittades inte

not-found-title = Sidan hittades inte
not-found-text = Adressen kan vara felskriven, eller så har sidan flyttats.
not-found-home = Till startsidan
not-found-sections = Eller välj en avdelning

moved-title = Sidan har flyttats
gone-title = Sidan har tagits bort
gone-text = Det som fanns här publiceras inte längre.
empty-title = Just nu finns inget här
empty-text = Det finns inga sidor under den här rubriken just nu. Det kan komma nya senare.

# Link texts that say nothing by themselves, for a check of bodies; separated by |.
vague-link-texts = läs mer | klicka här | här | mer information | se mer

# A time zone that has no message of its own.
zone-other = lokal tid: { $city }
file-size-kilobytes = { $size } kB
file-size-megabytes = { $size } MB
aliases = Andra namn

## Calendar

calendar = Kalender
calendar-slug = kalender
calendar-year = Kalender { $year }
calendar-description = Sista ansökningsdagar och evenemang, månad för månad.
calendar-coming = På gång
calendar-last = Inget är inplanerat just nu. De senaste datumen:
calendar-years = År
calendar-file = Följ i din egen kalender (iCalendar)

## Ways in

search = Hitta
search-slug = hitta
search-description = Alla vägar in i portalen: efter typ av innehåll, ämne och land.
coverage = Vad som är skrivet på vilket språk
coverage-text = Antalet texter på varje språk. Saknas en text visas fakta ändå på ditt språk.
content-type = Typ av innehåll
in-all = Totalt

## Pictures of who belongs to what

others = Övriga
other-languages = På andra språk

## Data för andra program

data-slug = oppna-data
data-title = Öppna data
data-description = Allt i portalen som filer för kalkylark och program.
data-lead = Portalens fakta publiceras också som filer, som görs om varje gång portalen uppdateras. De innehåller det som listorna visar, även exempel, som är märkta som sådana.
data-licence = Licens
data-no-licence = Ingen licens har ännu valts för dessa data. Fråga utgivaren innan du använder dem.
data-types = Efter typ av innehåll
data-csv = CSV passar för kalkylark: en rad per post, på det språk du väljer. Långa texter och sammansatta fakta ingår inte.
data-json = JSON passar för program: alla fakta med källor, på alla språk. Varje sida länkar till en egen fil.
data-tables = Tabeller (CSV)
data-vocabularies = Vokabulärer
data-vocabularies-text = De termer som posterna är ordnade efter, med benämningar på alla språk (SKOS).
data-catalogue-heading = Katalog
data-catalogue-text = En beskrivning av alla dessa filer för dataportaler (DCAT-AP).
data-catalogue = { $site }: öppna data
data-of-type = Alla poster under ”{ $type }”, med fakta och källor.
data-of-vocabulary = Termerna i vokabulären ”{ $vocabulary }”, med benämningar på alla språk.
data-entry = Sidans fakta som data (JSON)
data-id = Identifierare
data-title-column = Titel
data-language = Textens språk
data-summary = Sammanfattning
data-address = Adress

## Nyheter från nätverket

network-title = Nyheter från nätverket
network-note = Ur våra partners nyhetsflöden. Varje länk leder till utgivarens webbplats, som ansvarar för innehållet.

## Feed of changes

feed-changes = Tidsfrister och resultat: { $title }
change-extended = Tidsfristen förlängd till { $date }: { $title }
change-closing = Stänger snart, { $date }: { $title }
change-results = Resultat har publicerats: { $title }
