### Chaînes de l’interface en français. Les espaces insécables (U+00A0) et fines insécables (U+202F) sont voulues.

## Partout

home = Accueil
skip-link = Aller au contenu
menu = Menu principal
languages = Langues
breadcrumbs = Fil d’Ariane
facts-only = données seulement
choose-language = Choisissez votre langue
in-language = en { $language }
feed = Suivre les nouveautés
changes = Suivre les échéances et les résultats
published-by = Éditeur
about-site = À propos de ce site
label-separator = { " : " }
yes = Oui
no = Non

## États dans le temps

status = Statut
status-open =
    { $gender ->
        [feminine] Ouverte
       *[other] Ouvert
    }
status-closing-soon = Clôture proche
status-closed =
    { $gender ->
        [feminine] Close
       *[other] Clos
    }
status-forthcoming = À venir
status-running = En cours
status-ended =
    { $gender ->
        [feminine] Terminée
       *[other] Terminé
    }

## Dates, échéances, montants

deadline-extended = échéance prolongée ; auparavant
deadline-stage = Étape
deadline-cut-off = Date de relevé
deadline-expression-of-interest = Manifestation d’intérêt
deadline-final = Échéance finale

# $precision vaut day, month ou year ; sans lui, une tournure qui convient aux trois.
period-since =
    { $precision ->
        [day] depuis le { $date }
        [month] depuis { $date }
        [year] depuis { $date }
       *[other] { $date } – …
    }
period-until =
    { $precision ->
        [day] jusqu’au { $date }
        [month] jusqu’en { $date }
        [year] jusqu’en { $date }
       *[other] … – { $date }
    }

money-approx = environ { $amount }
money-per-project = { $amount } par projet
money-per-year = { $amount } par an
money-from = à partir de { $amount }
money-up-to = jusqu’à { $amount }

zone-Europe-Brussels = heure de Bruxelles
zone-Europe-Paris = heure de Paris
zone-Europe-Stockholm = heure de Stockholm
zone-Europe-Madrid = heure de Madrid
zone-Europe-Riga = heure de Riga
zone-Europe-London = heure de Londres
zone-UTC = UTC
zone-Etc-UTC = UTC

## Listes et filtres

map = Sur la carte
timeline = Dans le temps
results =
    { $count ->
        [one] { $count } résultat
       *[other] { $count } résultats
    }
entries-count =
    { $count ->
        [one] { $count } fiche
       *[other] { $count } fiches
    }
and-more =
    { $count ->
        [one] et { $count } autre
       *[other] et { $count } autres
    }
more-elsewhere =
    { $count ->
        [one] { $count } fiche de plus en { $language }.
       *[other] { $count } fiches de plus en { $language }.
    }
facets = Filtres
narrow-by = Affiner la liste
active-filters = Filtres actifs
remove-filter = Retirer le filtre
previous = Page précédente
next = Page suivante
pages = Pages de la liste
page-slug = page
page-title = { $title } – page { $number }
page-of = Page { $number } sur { $count }
directory = Index alphabétique
directory-title = { $type } : index alphabétique

## Accueil

featured = À la une
open-now = Candidatures ouvertes
latest = Dernières publications
explore = Explorer le portail

## Fiche

facts-heading = En bref
contents = Sommaire
sources = Sources
says = indique
accessed-on = consultation
checked-on = Dernière vérification
disputed = Les sources divergent
related = À lire aussi
demo = Exemple
draft = Brouillon

## Avis au lecteur

notice-draft = Cette fiche est un brouillon.
notice-scheduled = Cette fiche n’est pas encore publiée.
notice-expired = Cette fiche est conservée pour mémoire ; elle n’est plus mise à jour.
notice-superseded = Une fiche plus récente remplace celle-ci.
notice-demo = Cette fiche est un exemple : elle montre une possibilité du portail et ne décrit rien de réel.
notice-facts = Ce texte n’existe pas encore en { $language }. Les données sont dans votre langue, le texte est en { $shown }.
notice-machine = Traduction automatique non relue (langue d’origine : { $language }).
notice-outdated = L’original, en { $language }, a été modifié depuis cette traduction.

## Page introuvable

not-found-title = Page introuvable
not-found-text = L’adresse comporte peut-être une erreur, ou la page a été déplacée.
not-found-home = Revenir à l’accueil
not-found-sections = Ou choisissez une rubrique

moved-title = Cette page a changé d’adresse
gone-title = Cette page a été retirée
gone-text = Ce qui se trouvait ici n’est plus publié.
empty-title = Rien ici pour le moment
empty-text = Aucune fiche ne figure sous cette rubrique pour l’instant. Il pourra y en avoir de nouveau.

# Link texts that say nothing by themselves, for a check of bodies; separated by |.
vague-link-texts = en savoir plus | lire la suite | lire plus | cliquez ici | cliquer ici | ici | plus d’informations | voir plus

# A time zone that has no message of its own.
zone-other = heure locale : { $city }
file-size-kilobytes = { $size } ko
file-size-megabytes = { $size } Mo
aliases = Autres noms

## Calendar

calendar = Calendrier
calendar-slug = calendrier
calendar-year = Calendrier { $year }
calendar-description = Échéances et événements, mois par mois.
calendar-coming = À venir
calendar-last = Rien n’est annoncé pour l’instant. Les dernières dates :
calendar-years = Années
calendar-file = Suivre dans votre agenda (iCalendar)

## Ways in

search = Trouver
search-slug = trouver
search-description = Toutes les entrées du portail : par type de contenu, par thème, par pays.
coverage = Ce qui est écrit dans chaque langue
coverage-text = Le nombre de textes dans chaque langue. Quand un texte manque, les faits restent affichés dans la vôtre.
content-type = Type de contenu
in-all = Au total

## Pictures of who belongs to what

others = Autres
other-languages = Dans les autres langues

## Données pour d’autres programmes

data-slug = donnees-ouvertes
data-title = Données ouvertes
data-description = Tout le contenu du portail sous forme de fichiers, pour les tableurs et les programmes.
data-lead = Les faits publiés sur ce portail existent aussi sous forme de fichiers, refaits à chaque mise à jour. Ils contiennent ce que montrent les listes, y compris les exemples, signalés comme tels.
data-licence = Licence
data-no-licence = Aucune licence n’a encore été choisie pour ces données : adressez-vous à l’éditeur du portail avant de les utiliser.
data-types = Par type de contenu
data-csv = Le CSV convient aux tableurs : une ligne par fiche, dans la langue de votre choix, sans les textes longs ni les faits imbriqués.
data-json = Le JSON convient aux programmes : tous les faits avec leurs sources, dans toutes les langues. Chaque fiche renvoie à son propre fichier.
data-tables = Tableaux (CSV)
data-vocabularies = Vocabulaires
data-vocabularies-text = Les termes sous lesquels les fiches sont classées, avec leurs libellés dans toutes les langues (SKOS).
data-catalogue-heading = Catalogue
data-catalogue-text = La description de tous ces fichiers à l’usage des portails de données (DCAT-AP).
data-catalogue = { $site } : données ouvertes
data-of-type = Toutes les fiches de la rubrique « { $type } », avec leurs faits et leurs sources.
data-of-vocabulary = Les termes du vocabulaire « { $vocabulary } », avec leurs libellés dans toutes les langues.
data-entry = Les faits de cette page sous forme de données (JSON)
data-id = Identifiant
data-title-column = Titre
data-language = Langue du texte
data-summary = Résumé
data-address = Adresse

## Actualités du réseau

network-title = Actualités du réseau
network-note = Issues des fils d’actualité de nos partenaires. Chaque lien mène au site de son éditeur, responsable de ce qu’il publie.

## Feed of changes

feed-changes = Échéances et résultats : { $title }
change-extended = Échéance reportée au { $date } : { $title }
change-closing = Clôture prochaine, le { $date } : { $title }
change-results = Résultats publiés : { $title }
