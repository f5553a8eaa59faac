greeting = God dag
sources = Varifrån
