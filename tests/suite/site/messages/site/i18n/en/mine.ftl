home = Front page
results =
    { $count ->
        [one] Just one
       *[other] All of { $count }
    }
