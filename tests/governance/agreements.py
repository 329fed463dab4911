"""The spreadsheet of a curator's morning: forty bilateral agreements, six faults and three duplicates among them."""

PARTNERS = (
    "Austria", "Belgium", "Bulgaria", "Chile", "China", "Colombia", "Croatia", "Cuba", "Denmark", "Ecuador",
    "Egypt", "Finland", "Ghana", "Greece", "Hungary", "Iceland", "India", "Indonesia", "Israel", "Italy", "Japan",
    "Kenya", "Latvia", "Lithuania", "Malta", "Mexico", "Nepal", "Norway", "Pakistan", "Peru", "Poland",
)  # fmt: skip
KIND = "Bilateral Agreement"


def forty() -> list[list]:
    """Rows 3 to 42 of a sheet; 31 are fine."""
    rows: list[list] = [
        [
            f"Agreement with {name} on seasonal workers",
            KIND,
            "Spain",
            name,
            f"{n + 1} May {1970 + n}",
            "yes",
            "bilateral",
        ]
        for n, name in enumerate(PARTNERS[:31])
    ]
    rows += [
        ["Agreement on nurses", KIND, "Spain", "Ethopia", "2004", "yes", "bilateral"],
        ["Agreement on sailors", KIND, "Spain", "Ghana", "04/05/2004", "yes", "bilateral"],
        ["Agreement on miners", KIND, "Spain", None, "2005", "yes", "bilateral"],
        ["Agreement on fishers", "Gentlemen's handshake", "Spain", "Peru", "2006", "yes", "bilateral"],
        [None, KIND, "Spain", "Chile", "2007", "yes", "bilateral"],
        ["Agreement on students", KIND, "Spain", "Cuba", "2008", "perhaps", "bilateral"],
        ["Labour agreement between Lebanon and Ethiopia", KIND, "Lebanon", "Ethiopia", "2023", None, "bilateral"],
        ["Spanish-Peruvian accord", KIND, "Peru", "Spain", "30 May 1999", "yes", "bilateral"],
        ["AGREEMENT with Malta, on Seasonal Workers", KIND, "Spain", "Malta", None, "yes", "bilateral"],
    ]
    return rows
