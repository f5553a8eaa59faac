leur-propre = Le leur
