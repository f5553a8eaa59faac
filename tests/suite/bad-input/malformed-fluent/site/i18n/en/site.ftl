home = Front page
results { $count } results
next = { $count ->
    [one] Next
}
latest = { missing-message }
open-now = { $unclosed
