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
published-by = Éditeur
about-site = À propos de ce site
label-separator = { " : " }
yes = Oui
no = Non

## États dans le temps

status = Statut
status-open = Ouvert
status-closing-soon = Clôture proche
status-closed = Clos
status-forthcoming = À venir
status-running = En cours
status-ended = Terminé

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

## Feed of changes

feed-changes = Échéances : { $title }
change-extended = Échéance reportée au { $date } : { $title }
change-closing = Clôture prochaine, le { $date } : { $title }
