"""Built-in lists of names and places to draw from, the same in every language.

Changing a list changes what a seed draws, so the words a list had are copied into the bank when it is built: a bundle
already shipped keeps its own.
"""

from __future__ import annotations

_FIRST_NAMES = """
Adam Aïcha Alice Amine Anaïs Antoine Aya Basile Camille Célia Chloé Clara Côme Dina Elias Élise Emma Enzo Eva Fatou Gabriel
Gaspard Hugo Inès Ismaël Jade Jeanne Joachim Jonas Kadiatou Karim Léa Léo Lila Lina Louis Louise Lucas Lucie Malik Manon Margaux
Mathis Maya Mehdi Mila Naël Nina Noa Noé Nour Oscar Paul Rayan Romane Rose Sacha Salomé Samir Sarah Simon Sofia Soline Théo Tom
Valentine Victor Yanis Yasmine Zoé
"""

_LAST_NAMES = """
Achard Allard Barbier Bellec Benali Bernard Besson Blanchet Bonnet Bouvier Caron Chevalier Cissé Colin Cordier Costa Delmas
Diallo Dumas Durand Fabre Faure Ferrand Fontaine Garnier Gauthier Girard Guérin Haddad Hamon Jacquet Joly Kaya Keita Lacroix
Lambert Leclerc Lefort Legrand Lemoine Maillard Marchand Masson Meunier Moreau Morvan Nguyen Noël Pasquier Pereira Picard
Prévost Renard Rivière Robin Rousseau Roy Sorel Tessier Traoré Vasseur Vidal
"""

_CITIES = """
Amiens|Angers|Annecy|Arles|Aurillac|Avignon|Bayonne|Beauvais|Besançon|Blois|Bourges|Brest|Caen|Cahors|Chartres|Colmar|
Dieppe|Digne|Dijon|Épinal|Évreux|Foix|Gap|Grenoble|Guéret|Laval|Le Mans|Lille|Limoges|Lorient|Lyon|Mende|Metz|Montauban|
Nancy|Nantes|Nevers|Nîmes|Niort|Orléans|Pau|Périgueux|Poitiers|Quimper|Reims|Rennes|Rodez|Rouen|Saint-Brieuc|Sète|Tarbes|
Toulon|Tours|Troyes|Tulle|Valence|Vannes|Vesoul
"""

WORD_LISTS: dict[str, tuple[str, ...]] = {
    "@first_names": tuple(_FIRST_NAMES.split()),
    "@last_names": tuple(_LAST_NAMES.split()),
    "@cities": tuple(city.strip() for city in _CITIES.split("|")),
}
"""The lists by the name authors use."""
