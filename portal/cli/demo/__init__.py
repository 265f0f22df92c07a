"""The demo city: scenes, places, people, words and reports of a city that does not exist."""
