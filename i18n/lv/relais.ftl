### Saskarnes teksti latviešu valodā.

## Visās lapās

home = Sākums
skip-link = Pāriet uz saturu
menu = Galvenā izvēlne
languages = Valodas
breadcrumbs = Navigācijas ceļš
facts-only = tikai fakti
choose-language = Izvēlieties valodu
in-language = { $language } valodā
feed = Sekot jaunumiem
changes = Sekot termiņiem un rezultātiem
published-by = Izdevējs
about-site = Par šo vietni
label-separator = { ": " }
yes = Jā
no = Nē

## Stāvoklis laikā

status = Statuss
status-open =
    { $gender ->
        [feminine] Atvērta
       *[other] Atvērts
    }
status-closing-soon = Drīz noslēgsies
status-closed =
    { $gender ->
        [feminine] Slēgta
       *[other] Slēgts
    }
status-forthcoming = Gaidāms
status-running = Turpinās
status-ended =
    { $gender ->
        [feminine] Noslēgusies
       *[other] Noslēdzies
    }

## Datumi, termiņi un summas

deadline-extended = termiņš pagarināts; iepriekš
deadline-stage = Posms
deadline-cut-off = Starptermiņš
deadline-expression-of-interest = Ieinteresētības pieteikums
deadline-final = Gala termiņš

# Datums ir nominatīvā, tāpēc bez prievārda.
period-since = { $date } – …
period-until = … – { $date }

money-approx = aptuveni { $amount }
money-per-project = { $amount } vienam projektam
money-per-year = { $amount } gadā
money-from = no { $amount }
money-up-to = līdz { $amount }

zone-Europe-Brussels = pēc Briseles laika
zone-Europe-Paris = pēc Parīzes laika
zone-Europe-Stockholm = pēc Stokholmas laika
zone-Europe-Madrid = pēc Madrides laika
zone-Europe-Riga = pēc Rīgas laika
zone-Europe-London = pēc Londonas laika
zone-UTC = UTC
zone-Etc-UTC = UTC

## Saraksti un filtri

map = Kartē
timeline = Laika gaitā
results =
    { $count ->
        [zero] { $count } rezultātu
        [one] { $count } rezultāts
       *[other] { $count } rezultāti
    }
entries-count =
    { $count ->
        [zero] { $count } ierakstu
        [one] { $count } ieraksts
       *[other] { $count } ieraksti
    }
and-more = un vēl { $count }
more-elsewhere =
    { $count ->
        [zero] Vēl { $count } ierakstu { $language } valodā.
        [one] Vēl { $count } ieraksts { $language } valodā.
       *[other] Vēl { $count } ieraksti { $language } valodā.
    }
facets = Filtri
narrow-by = Precizēt atlasi
active-filters = Izvēlētie filtri
remove-filter = Noņemt filtru
previous = Iepriekšējā lapa
next = Nākamā lapa
pages = Saraksta lapas
page-slug = lapa
page-title = { $title } – { $number }. lapa
page-of = { $number }. lapa no { $count }
directory = Alfabētiskais rādītājs
directory-title = { $type }: alfabētiskais rādītājs

## Sākumlapa

featured = Redakcijas izvēle
open-now = Pieteikšanās atvērta
latest = Jaunākais
explore = Portāla saturs

## Ieraksts

facts-heading = Pamatinformācija
contents = Šajā lapā
sources = Avoti
says = norāda
accessed-on = skatīts
checked-on = Pēdējoreiz pārbaudīts
disputed = Avotu ziņas atšķiras
related = Skatīt arī
demo = Piemērs
draft = Melnraksts

## Paziņojumi lasītājam

notice-draft = Šis ieraksts ir melnraksts.
notice-scheduled = Šis ieraksts vēl nav publicēts.
notice-expired = Šis ieraksts ir saglabāts uzziņai un vairs netiek atjaunināts.
notice-superseded = Šo ierakstu ir aizstājis jaunāks.
notice-demo = Šis ieraksts ir piemērs: tas parāda portāla iespējas un neapraksta neko īstu.
notice-facts = Šis teksts vēl nav pieejams { $language } valodā. Fakti ir jūsu valodā, bet teksts – { $shown } valodā.
notice-machine = Mašīntulkojums no { $language } valodas; nav rediģēts.
notice-outdated = Oriģināls { $language } valodā pēc šī tulkojuma ir mainīts.

## Lapa nav atrasta

not-found-title = Lapa nav atrasta
not-found-text = Iespējams, adresē ir kļūda vai lapa ir pārvietota.
not-found-home = Uz sākumlapu
not-found-sections = Vai arī izvēlieties sadaļu

moved-title = Šī lapa ir pārvietota
gone-title = Šī lapa ir noņemta
gone-text = Tas, kas šeit bija, vairs nav publicēts.
empty-title = Pašlaik šeit nekā nav
empty-text = Šajā sadaļā pašlaik nav neviena ieraksta. Vēlāk tie var atkal parādīties.

# Link texts that say nothing by themselves, for a check of bodies; separated by |.
vague-link-texts = lasīt vairāk | uzzināt vairāk | vairāk | šeit | spiediet šeit | plašāk

# A time zone that has no message of its own.
zone-other = vietējais laiks: { $city }
file-size-kilobytes = { $size } kB
file-size-megabytes = { $size } MB
aliases = Citi nosaukumi

## Calendar

calendar = Kalendārs
calendar-slug = kalendars
calendar-year = Kalendārs: { $year }
calendar-description = Termiņi un pasākumi pa mēnešiem.
calendar-coming = Gaidāmie datumi
calendar-last = Pagaidām nekas nav izsludināts. Pēdējie datumi:
calendar-years = Gadi
calendar-file = Sekot savā kalendārā (iCalendar)

## Ways in

search = Meklēt
search-slug = meklet
search-description = Visi ceļi portālā: pēc satura veida, tēmas un valsts.
coverage = Kas ir uzrakstīts katrā valodā
coverage-text = Tekstu skaits katrā valodā. Ja teksta nav, fakti tik un tā ir redzami jūsu valodā.
content-type = Satura veids
in-all = Kopā

## Pictures of who belongs to what

others = Citi
other-languages = Citās valodās

## Dati citām programmām

data-slug = atvertie-dati
data-title = Atvērtie dati
data-description = Viss portāla saturs datnēs, kas paredzētas izklājlapām un programmām.
data-lead = Portālā apkopotie fakti tiek publicēti arī datnēs, kuras izveido no jauna ikreiz, kad portālu atjaunina. Tajās ir tas, kas redzams sarakstos, arī piemēri, un tie ir atzīmēti.
data-licence = Licence
data-no-licence = Šiem datiem licence vēl nav izvēlēta. Pirms datu izmantošanas sazinieties ar portāla izdevēju.
data-types = Pēc satura veida
data-csv = CSV ir paredzēts izklājlapām: viena rinda katram ierakstam jūsu izvēlētajā valodā. Garie teksti un saliktie fakti tajā nav iekļauti.
data-json = JSON ir paredzēts programmām: visi fakti ar avotiem visās valodās. Katrā ieraksta lapā ir saite uz tā datni.
data-tables = Tabulas (CSV)
data-vocabularies = Klasifikatori
data-vocabularies-text = Termini, pēc kuriem ieraksti ir sakārtoti, ar nosaukumiem visās valodās (SKOS).
data-catalogue-heading = Katalogs
data-catalogue-text = Visu šo datņu apraksts datu portāliem (DCAT-AP).
data-catalogue = { $site }: atvērtie dati
data-of-type = Visi ieraksti sadaļā „{ $type }” ar faktiem un avotiem.
data-of-vocabulary = Klasifikatora „{ $vocabulary }” termini ar nosaukumiem visās valodās.
data-entry = Šīs lapas fakti datu formā (JSON)
data-id = Identifikators
data-title-column = Nosaukums
data-language = Teksta valoda
data-summary = Kopsavilkums
data-address = Adrese

## Tīkla jaunumi

network-title = Tīkla jaunumi
network-note = No mūsu partneru ziņu plūsmām. Katra saite ved uz izdevēja vietni, kas atbild par tās saturu.

## Feed of changes

feed-changes = Termiņi un rezultāti: { $title }
change-extended = Termiņš pagarināts, jaunais datums { $date }: { $title }
change-closing = Drīz noslēgsies, { $date }: { $title }
change-results = Publicēti rezultāti: { $title }
