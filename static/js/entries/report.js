// /report: photos, words, place and category, each over HTML that works without it.
