### Textos de la interfaz en español.

## En todas partes

home = Inicio
skip-link = Ir al contenido
menu = Menú principal
languages = Idiomas
breadcrumbs = Ruta de navegación
facts-only = solo datos
choose-language = Elija su idioma
in-language = en { $language }
feed = Seguir las novedades
changes = Seguir los plazos y resultados
published-by = Editor
about-site = Acerca de este sitio
label-separator = { ": " }
yes = Sí
no = No

## Estados en el tiempo

status = Estado
status-open =
    { $gender ->
        [feminine] Abierta
       *[other] Abierto
    }
status-closing-soon = Cierre próximo
status-closed =
    { $gender ->
        [feminine] Cerrada
       *[other] Cerrado
    }
status-forthcoming = Próximamente
status-running = En curso
status-ended =
    { $gender ->
        [feminine] Finalizada
       *[other] Finalizado
    }

## Fechas, plazos e importes

deadline-extended = plazo ampliado; antes
deadline-stage = Fase
deadline-cut-off = Fecha de corte
deadline-expression-of-interest = Manifestación de interés
deadline-final = Plazo final

# $precision es day, month o year; sin él, una forma que sirve para los tres.
period-since =
    { $precision ->
        [day] desde el { $date }
        [month] desde { $date }
        [year] desde { $date }
       *[other] { $date } – …
    }
period-until =
    { $precision ->
        [day] hasta el { $date }
        [month] hasta { $date }
        [year] hasta { $date }
       *[other] … – { $date }
    }

money-approx = aproximadamente { $amount }
money-per-project = { $amount } por proyecto
money-per-year = { $amount } al año
money-from = desde { $amount }
money-up-to = hasta { $amount }

zone-Europe-Brussels = hora de Bruselas
zone-Europe-Paris = hora de París
zone-Europe-Stockholm = hora de Estocolmo
zone-Europe-Madrid = hora de Madrid
zone-Europe-Riga = hora de Riga
zone-Europe-London = hora de Londres
zone-UTC = UTC
zone-Etc-UTC = UTC

## Listas y filtros

map = En el mapa
timeline = En el tiempo
results =
    { $count ->
        [one] { $count } resultado
       *[other] { $count } resultados
    }
entries-count =
    { $count ->
        [one] { $count } ficha
       *[other] { $count } fichas
    }
and-more = y { $count } más
more-elsewhere =
    { $count ->
        [one] { $count } ficha más en { $language }.
       *[other] { $count } fichas más en { $language }.
    }
facets = Filtros
narrow-by = Acotar la lista
active-filters = Filtros activos
remove-filter = Quitar el filtro
previous = Página anterior
next = Página siguiente
pages = Páginas de la lista
page-slug = pagina
page-title = { $title } – página { $number }
page-of = Página { $number } de { $count }
directory = Índice alfabético
directory-title = { $type }: índice alfabético

## Inicio

featured = Destacados
open-now = Convocatorias abiertas
latest = Últimas publicaciones
explore = Explorar el portal

## Ficha

facts-heading = Datos clave
contents = En esta página
sources = Fuentes
says = indica
accessed-on = consulta
checked-on = Última comprobación
disputed = Las fuentes discrepan
related = Véase también
demo = Ejemplo
draft = Borrador

## Avisos al lector

notice-draft = Esta ficha es un borrador.
notice-scheduled = Esta ficha aún no está publicada.
notice-expired = Esta ficha se conserva como referencia; ya no se actualiza.
notice-superseded = Una ficha más reciente sustituye a esta.
notice-demo = Esta ficha es un ejemplo: muestra una función del portal y no describe nada real.
notice-facts = Este texto todavía no existe en { $language }. Los datos están en su idioma; el texto, en { $shown }.
notice-machine = Traducción automática del { $language }, sin revisar.
notice-outdated = El original en { $language } ha cambiado desde que se hizo esta traducción.

## Página no encontrada

not-found-title = Página no encontrada
not-found-text = Puede que la dirección contenga un error o que la página se haya trasladado.
not-found-home = Volver al inicio
not-found-sections = O elija una sección

moved-title = Esta página ha cambiado de dirección
gone-title = Esta página se ha retirado
gone-text = Lo que había aquí ya no está publicado.
empty-title = Por el momento no hay nada aquí
empty-text = Ahora no hay ninguna ficha en este apartado. Más adelante puede volver a haberlas.

# Link texts that say nothing by themselves, for a check of bodies; separated by |.
vague-link-texts = leer más | saber más | más información | haga clic aquí | pulse aquí | aquí | ver más

# A time zone that has no message of its own.
zone-other = hora local: { $city }
file-size-kilobytes = { $size } kB
file-size-megabytes = { $size } MB
aliases = Otros nombres

## Calendar

calendar = Calendario
calendar-slug = calendario
calendar-year = Calendario de { $year }
calendar-description = Plazos y actos, mes a mes.
calendar-coming = Próximas fechas
calendar-last = Por ahora no hay nada anunciado. Las últimas fechas:
calendar-years = Años
calendar-file = Seguir en su propio calendario (iCalendar)

## Ways in

search = Buscar
search-slug = buscar
search-description = Todas las entradas del portal: por tipo de contenido, por tema, por país.
coverage = Qué está escrito en cada lengua
coverage-text = Número de textos en cada lengua. Cuando falta uno, los datos se muestran igualmente en la suya.
content-type = Tipo de contenido
in-all = En total

## Pictures of who belongs to what

others = Otros
other-languages = En otras lenguas

## Datos para otros programas

data-slug = datos-abiertos
data-title = Datos abiertos
data-description = Todo el contenido del portal en archivos para hojas de cálculo y programas.
data-lead = Los datos de este portal se publican también en archivos que se rehacen con cada actualización. Contienen lo que muestran las listas, incluidos los ejemplos, señalados como tales.
data-licence = Licencia
data-no-licence = Todavía no se ha elegido una licencia para estos datos: consulte al editor del portal antes de utilizarlos.
data-types = Por tipo de contenido
data-csv = El formato CSV es para hojas de cálculo: una fila por ficha, en la lengua que elija, sin los textos largos ni los datos anidados.
data-json = El formato JSON es para programas: todos los datos con sus fuentes, en todas las lenguas. Cada ficha enlaza con su propio archivo.
data-tables = Tablas (CSV)
data-vocabularies = Vocabularios
data-vocabularies-text = Los términos con que se clasifican las fichas, con sus denominaciones en todas las lenguas (SKOS).
data-catalogue-heading = Catálogo
data-catalogue-text = La descripción de todos estos archivos para los portales de datos (DCAT-AP).
data-catalogue = { $site }: datos abiertos
data-of-type = Todas las fichas de «{ $type }», con sus datos y sus fuentes.
data-of-vocabulary = Los términos del vocabulario «{ $vocabulary }», con sus denominaciones en todas las lenguas.
data-entry = Los datos de esta página en un archivo (JSON)
data-id = Identificador
data-title-column = Título
data-language = Lengua del texto
data-summary = Resumen
data-address = Dirección

## Noticias de la red

network-title = Noticias de la red
network-note = Proceden de los canales de noticias de nuestros socios. Cada enlace lleva al sitio de quien la publica, responsable de su contenido.

## Feed of changes

feed-changes = Plazos y resultados: { $title }
change-extended = Plazo ampliado hasta el { $date }: { $title }
change-closing = Cierra pronto, el { $date }: { $title }
change-results = Resultados publicados: { $title }
