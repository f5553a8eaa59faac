greeting = Good day
sources = Where from
