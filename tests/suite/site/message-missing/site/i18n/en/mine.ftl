our-own = Ours
