"""The words of the US Postal Service: suffixes, directions, units, states and their short forms.

From USPS Publication 28, Postal Addressing Standards: appendices B (states), C1 (street suffixes
with the misspellings the post accepts) and C2 (secondary units).
"""


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One suffix a line: the short form, then whatever stands for it.
_SUFFIX_LINES = """
Aly alley allee ally
Anx annex anex annx
Arc arcade
Ave avenue av aven avenu avn avnue
Byu bayou bayoo
Bch beach
Bnd bend
Blf bluff bluf
Blfs bluffs
Btm bottom bot bottm
Blvd boulevard boul boulv
Br branch brnch
Brg bridge brdge
Brk brook
Brks brooks
Byp bypass bypa bypas byps
Cp camp cmp
Cyn canyon canyn cnyn
Cpe cape
Cswy causeway causwa
Ctr center cen cent centr centre cnter cntr
Ctrs centers
Cir circle circ circl crcl crcle ci
Cirs circles
Clf cliff
Clfs cliffs
Clb club
Cmn common
Cmns commons
Cor corner
Cors corners
Crse course
Ct court crt
Cts courts
Cv cove
Cvs coves
Crk creek
Cres crescent crsent crsnt
Crst crest
Xing crossing crssng
Xrd crossroad
Xrds crossroads
Curv curve
Dl dale
Dm dam
Dv divide div dvd
Dr drive driv drv
Drs drives
Est estate
Ests estates
Expy expressway exp expr express expw
Ext extension extn extnsn
Exts extensions
Fls falls
Fry ferry frry
Fld field
Flds fields
Flt flat
Flts flats
Frd ford
Frst forest forests
Frg forge forg
Frk fork
Frks forks
Ft fort frt
Fwy freeway freewy frway frwy
Gdn garden gardn grden grdn
Gdns gardens grdns
Gtwy gateway gatewy gatway gtway
Gln glen
Glns glens
Grn green
Grns greens
Grv grove grov
Grvs groves
Hbr harbor harb harbr hrbor
Hbrs harbors
Hvn haven
Hts heights ht
Hwy highway highwy hiwy hiway hway hgwy
Hl hill
Hls hills
Holw hollow hllw hollows holws
Inlt inlet
Is island islnd
Iss islands
Isle isles
Jct junction jction jctn junctn juncton
Ky key
Kys keys
Knl knoll knol
Knls knolls
Lk lake
Lks lakes
Lndg landing lndng
Ln lane
Lgt light
Lck lock
Lcks locks
Ldg lodge ldge lodg
Loop loops
Mall
Mnr manor
Mnrs manors
Mdw meadow
Mdws meadows medows
Mews
Ml mill
Mls mills
Msn mission missn mssn
Mtwy motorway
Mt mount mnt
Mtn mountain mntain mntn mountin mtin
Mtns mountains
Nck neck
Orch orchard orchrd
Oval ovl
Opas overpass
Park prk parks
Pkwy parkway parkwy pkway pky parkways pkwys py
Pass
Psge passage
Path paths
Pike pikes
Pne pine
Pnes pines
Pl place
Pln plain
Plns plains
Plz plaza plza
Pt point
Pts points
Prt port
Pr prairie prr
Radl radial rad radiel
Ramp
Rnch ranch ranches rnchs
Rpd rapid
Rpds rapids
Rst rest
Rdg ridge rdge
Rdgs ridges
Riv river rvr rivr
Rd road
Rds roads
Rte route
Row
Rue
Run
Shl shoal
Shls shoals
Shr shore shoar
Shrs shores
Skwy skyway
Spg spring spng sprng
Spgs springs spngs sprngs
Spur spurs
Sq square sqr sqre squ
Sqs squares
Sta station statn stn
Stra stravenue
Strm stream streme
St street strt str
Sts streets
Smt summit sumit sumitt
Ter terrace terr
Trwy throughway
Trce trace traces
Trak track tracks trk trks
Trfy trafficway
Trl trail trails trls
Tunl tunnel tunel
Tpke turnpike trnpk turnpk
Upas underpass
Un union
Vly valley vally vlly
Vlys valleys
Via viaduct vdct viadct
Vw view
Vws views
Vlg village vill villag villg villiage
Vlgs villages
Vl ville
Vis vista vist vst vsta
Walk walks
Way wy
Ways
Wl well
Wls wells
"""
SUFFIXES: dict[str, str] = {
    word.lower(): line.split()[0] for line in _SUFFIX_LINES.split("\n") for word in line.split()
}
# The short form -> the word it stands for, which comes next in its line; "Walk" is one itself.
LONG_SUFFIXES: dict[str, str] = {
    line.split()[0]: line.split()[1].title()
    for line in _SUFFIX_LINES.strip().split("\n")
    if len(line.split()) > 1
    and len(line.split()[1]) > len(line.split()[0])
    and line.split()[1] != f"{line.split()[0].lower()}s"
}
# Hardly ever a word of a street's own name or of a town: where one stands, the street ends.
CORE = word_set("St Ave Rd Dr Ln Blvd Pkwy Hwy Fwy Expy Tpke Trl")
# Mostly the end of a street; the rest of the table is as often a word of a name or of a town.
USUAL = CORE | word_set(
    "Aly Bnd Byp Cir Cres Cswy Ct Cts Cv Holw Loop Mews Path Pike Pl Plz Rdg Rte Row Run Spur Sq "
    "Ter Trce Walk Way Xing"
)
# With such a word a town begins: "Park City", "Lake Forest", "Spring Hill", "Fort Wayne".
TOWNS_BEGIN = word_set(
    "beach bridge cape center cliff creek falls forest fort ft garden glen green grove harbor "
    "haven highland island junction key lake manor mill mission mount mountain mt oak orchard "
    "park pine pines plain point port prairie ranch rapid river spring springs summit union "
    "valley village vista"
)

DIRECTIONS = {
    "north": "N", "south": "S", "east": "E", "west": "W", "northeast": "NE", "northwest": "NW",
    "southeast": "SE", "southwest": "SW", "n": "N", "s": "S", "e": "E", "w": "W", "ne": "NE",
    "nw": "NW", "se": "SE", "sw": "SW",
}  # fmt: skip

UNITS = {
    "apartment": "Apt", "apt": "Apt", "appartment": "Apt", "building": "Bldg", "bldg": "Bldg",
    "department": "Dept", "dept": "Dept", "floor": "Fl", "fl": "Fl", "flr": "Fl",
    "hangar": "Hngr", "hngr": "Hngr", "lot": "Lot", "pier": "Pier", "room": "Rm", "rm": "Rm",
    "slip": "Slip", "space": "Spc", "spc": "Spc", "stop": "Stop", "suite": "Ste", "ste": "Ste",
    "trailer": "Trlr", "trlr": "Trlr", "unit": "Unit", "#": "#",
}  # fmt: skip
# These need no number of their own.
ALONE = {
    "basement": "Bsmt", "bsmt": "Bsmt", "front": "Frnt", "frnt": "Frnt", "lobby": "Lbby",
    "lbby": "Lbby", "lower": "Lowr", "lowr": "Lowr", "office": "Ofc", "ofc": "Ofc",
    "penthouse": "PH", "ph": "PH", "rear": "Rear", "side": "Side", "upper": "Uppr",
    "uppr": "Uppr", "upstairs": "Uppr", "downstairs": "Lowr",
}  # fmt: skip
# Of these, what begins no town ("Upper Arlington") and is a unit also before one.
ALONE_BEFORE_TOWNS = frozenset(ALONE) - {"front", "lower", "office", "side", "upper"}

STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA",
    "colorado": "CO", "connecticut": "CT", "delaware": "DE", "district of columbia": "DC",
    "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID", "illinois": "IL",
    "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA",
    "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV",
    "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY",
    "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK",
    "oregon": "OR", "pennsylvania": "PA", "puerto rico": "PR", "rhode island": "RI",
    "south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT",
    "vermont": "VT", "virginia": "VA", "washington": "WA", "west virginia": "WV",
    "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
CODES = frozenset(STATES.values())
# A city as well as a state: alone behind a street it is the city.
ALSO_CITIES = frozenset({"new york", "washington"})
