sources = Våra källor
