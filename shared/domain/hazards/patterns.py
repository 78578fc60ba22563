"""What callers say of a danger, as data: patterns by category, and what they say when there is none.

Patterns run over words in lower case parted by single spaces, without apostrophes; "," is a word of
its own. `_` stands for at most five words in between. Telephone speech-to-text mishears: the
spellings it makes of "gas" and "carbon monoxide" are listed with the right ones.
"""

# ruff: noqa: E501 - a pattern is read in one line

from shared.domain.models import HazardCategory as C

_SMELL = r"(?:smell\w*|odou?rs?|stink\w*|stench|reek\w*|whiffs?|scent|fumes)"
_GAS = r"(?:(?:natural |propane )?gas(?! (?:bill|company|meter reading|station|grill store))|gaas|gass|gassy|gash|propane|gasoline)"
_EGGS = r"(?:(?:rotten |rotting |bad )?eggs?|rotten cabbage|sulfur|sulphur|mercaptan)"
_CO = r"(?:c ?o ?2?|carbon (?:mon[a-z]*|man[a-z]*|mono oxide|mon oxide|dioxide)|monoxide|c ?oh|see oh)"
_ALARM = r"(?:alarms?|detectors?|monitors?|sensors?|alerts?)"
_SOUNDS = (
    r"(?:going off|go(?:es)? off|went off|gone off|sounding|sounded|beep\w*|ringing|rang|blaring|screaming|shrieking|"
    r"alarming|triggered|tripped|set off|wont stop|wont quit|keeps? (?:going|beeping|ringing)|activated|yelling|"
    r"reads?|reading|showing|shows|four times)"
)
_ELECTRIC = (
    r"(?:outlets?|receptacles?|sockets?|plugs?|switch(?:es)?|breakers?|breaker box|panels?|fuse box|fuses|wires?|wiring|"
    r"electrical(?! bill| company| tape)|junction box|light fixtures?|chandelier|extension cord|power strip|cords?|disconnect)"
)
_LINE = r"(?:(?:power ?|electric(?:al)? |utility )(?:lines?|poles?|cables?|wires?)|live wires?|hot wires?)"
_WATER = r"(?:water(?! (?:heater|softener|pressure|bill|valve|line|main|meter|tank|pump|filter|pipe|shut|spigot|company)\w*)|flood\w*|leak\w*|drip\w*|soak\w*|wet|pouring|rain\w*|sewage)"
_NEAR = r"(?:into|in|onto|on|inside|near|around|over|all over|by|next to|close to|toward\w*|reach\w*|touch\w*|through|out of|from|above|below|under|hit\w*|past|beside)"
_SEWER = r"(?:sewage|sewer|septic|poop|feces|fecal|human waste|raw waste|toilet water|black water)"
_HEAT = r"(?:heat|heater|heating|furnace|boiler|heat pump)"

PATTERNS: tuple[tuple[C, tuple[str, ...]], ...] = (
    (
        C.GAS_LEAK,
        (
            rf"{_SMELL} _{_GAS}",
            # "I smell guess": nobody smells those.
            r"smell\w* (?:like |of |some |a |the |this |that |something like )*(?:guess(?! (?:it|i|that|so|what)\b)|glass|guests?|gaz|guys(?! \w)|yes gas)\b",
            rf"{_GAS} (?:like |type |kind of )?{_SMELL}",
            rf"{_GAS} _(?:is|was|are|has been|theyre|getting|really|very|so|still) _{_SMELL}",
            rf"{_SMELL} _{_EGGS}",
            rf"{_EGGS} _{_SMELL}",
            rf"{_GAS} (?:is |line is |pipe is |lines are |was |might be |must be |could be |keeps |valve is |meter is |line |pipe |valve |meter |tank is |tank |stove is |stove |dryer is )*(?:leak\w*|escaping|hissing|blowing|pouring|broke\w*|busted|ruptured|cut|cracked|punctured|severed|coming out|filling)",
            rf"leak\w* (?:of |in |from |on |at |some |a |the |my |our |natural |this )*{_GAS}",
            rf"(?:hit|cut|broke|nicked|ruptured|punctured|severed|struck|damaged|cracked|dug (?:into|through|up)|drilled (?:into|through)) _{_GAS} (?:line|pipe|main|meter)",
            rf"(?:hiss\w*) _{_GAS}",
            rf"{_GAS} _hiss\w*",
            r"gas (?:detector|alarm|sniffer) _(?:going off|beep\w*|sound\w*|went off|ringing)",
            r"(?:left|leave) _gas (?:stove|oven|burner|range)? ?on\b",
            r"(?:full of|filled with|room of|lot of|so much|tons of) (?:natural )?gas\b(?! bill| station)",
            r"gas (?:\w+ )?hit (?:me|us|you)\b",
            r"(?:propane|gas) (?:guy|man|tech|technician) (?:\w+ ){0,4}leak",
            r"(?:theres|there is|there was|have|got|telling me theres|full of) (?:\w+ )?gas (?:in|inside|all over|all through|throughout|filling|coming into) (?:the |my |our |this )?(?:\w+ )?(?:basement|house|home|kitchen|air|room|garage|building|apartment|hallway|closet)",
            rf"{_GAS} (?:stove |oven |range |dryer |line |pipe |meter |tank |grill )?(?:, )?(?:\w+ ){{0,2}}(?:smell\w*|stink\w*|reek\w*)",
            r"(?:breathing|inhaled|inhaling) _(?:gas|fumes)",
            rf"(?:{_SMELL} _(?:skunk\w*|cabbage)|(?:skunky?|cabbage) {_SMELL}) _(?:{_HEAT}|stove|oven|range|gas|meter)\b",
        ),
    ),
    (
        C.FIRE_SMOKE,
        (
            r"(?:on|caught|catching|catch(?:es)?) fire\b",
            r"(?:a|an|the|little|small|big|electrical|kitchen|grease|attic|house|active|had a|chimney|got a|theres) fire\b(?! (?:place|pit|department|extinguisher|code|station|alarm|drill|hydrant|rated|truck|marshal|inspect\w*|sprinkler\w*|log|wall|escape|wood|sale|chief|watch|door|table|damper|truck|trucks))",
            r"(?<!as )(?<!to )fire\b(?! (?:the|him|her|them|alarm|it|off|up|right|back)\b)",
            r"fire (?:in|inside|coming|on|at|behind|under|started|spreading|is spreading) (?:the|my|our|out|from)",
            r"(?:house|home|basement|attic|kitchen|furnace|dryer|unit|wall|garage|roof|oven|panel|outlet|room) (?:is |was |just |was just )?(?:burning|in flames|ablaze)\b",
            r"(?:flames?|blaze) _(?:coming|shooting|out of|from|in the|inside|everywhere|on the|rolling|leaping|behind)",
            r"(?:see|saw|seeing|theres|there is|big|huge|actual|open|orange) flames?\b|(?:in|into|and|with|of) flames\b",
            r"smoke\b(?! (?:detector|alarm|test|free|break|stack|shop|house|damper)s?)",
            r"smoking\b(?! (?:deal|area|section|room|habit|outside is|hot deal))",
            r"smok(?:y|ey|es|ed up)\b",
            r"smolder\w*|smoulder\w*",
            rf"smoke {_ALARM} _{_SOUNDS}",
            rf"fire {_ALARM} _{_SOUNDS}",
            rf"{_SOUNDS} _(?:smoke|fire) {_ALARM}",
            rf"{_SMELL} _smoke\b",
        ),
    ),
    (
        C.CARBON_MONOXIDE,
        (
            rf"{_CO} (?:and smoke |gas |smoke )?{_ALARM} _{_SOUNDS}",
            rf"{_SOUNDS} _{_CO} (?:gas )?{_ALARM}",
            rf"(?:{_CO}|seal) (?:gas )?{_ALARM} (?:is |was |just |keeps |kept |has |has been |started |wont stop |in \w+ \w+ )*{_SOUNDS}",
            r"(?:carbon (?:mon|man)[a-z]*|monoxide)(?: oxide)?\b(?! (?:and smoke |gas )?(?:detector|alarm|monitor|sensor|test|certificat)\w*)",
            r"(?:move|get|go|moving|getting) (?:\w+ ){0,2}to fresh air",
            r"\bco (?:gas )?(?:in|inside|coming|from|everywhere)\b",
            r"(?:detectors?) (?:\w+ ){0,2}(?:going off|went off|beeping|sounding|screaming|blaring|alarming)\b",
            r"co (?:is |at |of |level )*\d{2,3}\b",
            r"co (?:leak\w*|poisoning|levels?|readings?|ppm|is high|is elevated)\b",
            r"(?:\d+|hundred|fifty|seventy|thirty|ninety|high|elevated) (?:ppm|parts per million)",
            r"(?:all|everyone|everybody|whole family|both|kids?|wife|husband|family|we|me) _(?:headaches?|dizzy|lightheaded|light headed|nause\w*|throwing up|passed out|passing out|nauseated|sick) _(?:furnace|heat|heater|boiler|generator|water heater|fireplace|indoors|inside|in the house|house|home)",
            r"(?:furnace|heater|boiler|generator|heat|fireplace) _(?:headaches?|dizzy|lightheaded|light headed|nause\w*|passed out|passing out)",
            r"(?:headaches?|dizzy|lightheaded|light headed|nause\w*) _(?:when|whenever|since|every time|after|with|while) _(?:furnace|heat|heater|boiler|generator)",
            r"exhaust _(?:into|inside|in) the (?:house|basement|home)",
        ),
    ),
    (
        C.FLOOD_ELECTRICAL,
        (
            rf"{_WATER} _{_NEAR} (?:(?!water|leak)\w+ ){{0,4}}{_ELECTRIC}",
            rf"{_ELECTRIC} _(?:under ?water|submerged|soaked|soaking|dripping|wet\b|flooded|full of water|getting wet|has water|have water|in (?:the )?water|drenched|underneath water)",
            rf"(?:under ?water|submerged|soaked|wet) _{_ELECTRIC}",
            rf"(?:spray\w*|soak\w*|flood\w*|reached|reaching|hitting|dripp?ing on) (?:the |my |our |an |some )(?:\w+ )?{_ELECTRIC}",
            rf"{_WATER} _(?:coming|dripping|leaking|running|pouring|pooling|getting|is|are|reached|reaching|above|over|up to) (?:\w+ ){{0,3}}{_ELECTRIC}",
            r"(?:tingl\w*|shock\w*|zap\w*|buzz) _(?:in|from|touch\w*|standing in|when|stepp\w*) (?:\w+ ){0,3}(?:water|shower|faucet|tub|puddle|sink|pool)\b(?! heater)",
            r"(?:flood\w*|standing water|feet of water|inches of water|foot of water|full of water|under ?water) _(?:power|electricity|lights?|appliances|furnace|electric) _(?:still on|is on|are on|running|plugged in|flicker\w*|still|on)\b",
            r"(?:power|electricity|lights?) (?:is |are |still |is still |are still )+(?:on|running) _(?:flood\w*|standing water|feet of water|inches of water|under ?water|water (?:in|on|everywhere))",
            rf"{_WATER} _(?:through|in|into|out of|from|inside|onto|around) (?:the |my |our |a )?(?:\w+ ){{0,2}}lights?\b",
            r"lights? (?:is |are |has |have |its |bowl |globe )*(?:full of|filled with|fill\w* (?:up )?with|dripping|leaking) (?:with )?water",
            r"(?:flood\w*|standing water|(?:feet|foot|inches) of water) (?:[\w,]+ ){0,14}(?:electricity|electrocut\w*|electrical panel|outlets|breaker box|fuse box|plugged in)\b",
            r"(?:flood\w*|standing water|under ?water|(?:feet|foot|inches) of water) (?:\w+ ){0,4}(?:outlets?|panels?|breakers?|breaker box|fuse box|electrical)\b",
            r"water _(?:light fixtures?|ceiling light|light bulbs?|recessed lights?|ceiling fan|chandelier|can lights?|light switch)",
            r"(?:light fixtures?|ceiling lights?|light switch|ceiling fan|chandelier|can lights?) _(?:leak\w*|drip\w*|water(?! heater)|pouring)",
        ),
    ),
    (
        C.ELECTRICAL_HAZARD,
        (
            r"(?:spark(?:s|ing|ed|y)?|arc(?:s|ing|ed)?)\b(?! (?:plugs?|ignit\w*|joy))",
            rf"{_ELECTRIC} _(?:melt\w*|burn(?:ed|t|ing)?\b(?! out)|scorch\w*|char(?:red|ring)|sizzl\w*|crackl\w*|fizz\w*|popping|glowing|buzzing|humming|on fire|explod\w*|blew up|black marks?|turned black|black\b|brown\b|exposed|hot(?! water| tub)|smell\w*|warm\b|blackened|discolored)\b",
            rf"(?:melt\w*|burnt|burning|burned|scorch\w*|charred|sizzl\w*|crackl\w*|buzz\w*|glowing|exploded|hot|exposed|bare|live|frayed|popping) (?:noise |sound |smell |sounds |noises )?(?:at |in |on |from |coming |coming out |behind |out |of |inside |around |near )*(?:the |my |our |an |a |one |this |that )?{_ELECTRIC}",
            r"(?:popping|crackling|sizzling|buzzing|loud bang|explosion|bang) _(?:from|in|at|inside|behind) (?:\w+ ){0,2}(?:electrical|breaker|panel|outlet|fuse box|transformer)",
            rf"{_SMELL} _(?:electrical|burning (?:electrical|wir\w+)|burn\w* _{_ELECTRIC}|burning wires?|hot wires?|wires? burning|ozone|fishy _(?:outlet|panel|breaker|switch))",
            rf"(?:fishy|ozone|electrical|burn\w*|burnt|hot|plastic) {_SMELL} _(?:{_ELECTRIC}|electronics)",
            r"(?:got|getting|get|gets|been|was|gave|gives|giving|is|being|keeps|me|just|son|daughter|husband|wife|kid|feel|felt) (?:\w+ ){0,3}(?:shock(?:ed|s|ing)?|zapp?ed|zaps?|zapping|electrocuted|jolt(?:ed)?)\b(?! (?:at|to hear|to see|to find|how|that|when i (?:saw|got|heard)|by (?:\w+ )?(?:price|bill|cost|quote|estimate|number|amount|fee)s?\b|the bill|with|absorber\w*|treat\w*))",
            r"(?:shock(?:ed|s|ing)?|zap(?:ped|s)?|jolt(?:ed)?) (?:me|him|her|us|my|when i touch\w*|from|if you touch|every time|by the (?:outlet|switch|panel|wire|appliance|dryer|washer|stove|light))\b(?! the bill)",
            r"electrocut\w*",
            rf"{_SMELL} _fish\w* _{_ELECTRIC}",
            rf"{_LINE} _(?:down|fell|fallen|came down|hanging|on the (?:ground|house|car|roof|lawn|yard|driveway|street)|snapped|sagging|low|laying|lying|ripped|in (?:my|our|the) (?:yard|driveway|street))\b",
            r"downed (?:\w+ )?(?:line|wire|cable)s?",
            rf"(?:downed|fallen|down|broken|snapped|hanging|low) {_LINE}",
            r"(?:tree|limb|branch) _(?:on|hit|took|took down|pulled|fell on) _(?:power ?|electric(?:al)? |service )(?:lines?|drop|wires?)",
            r"(?:wires?|lines?|cables?) _(?:down|hanging|dangling|laying|lying|fell|fallen) _(?:\w*yard|street|driveway|lawn|house|road|outside|pole|roof|sidewalk|tree|ground)",
            rf"(?:buzz\w*|sizzl\w*|crackl\w*) _(?:in|by|behind|near|from|inside|at|around) (?:\w+ ){{0,4}}{_ELECTRIC}",
            r"(?:crackl\w*|sizzl\w*) _(?:wall|walls|ceiling|attic|lights?)\b",
            rf"flash\w* _(?:out of|from|at|in|when) _{_ELECTRIC}",
            rf"(?:loud )?(?:popp?(?:ed|ing)?|bang|boom|explosion|explod\w*) _{_ELECTRIC}",
            r"tingl\w* _(?:touch\w*|from|off|on the) _(?:fridge|refrigerator|stove|washer|dryer|faucet|switch|appliance|outlet|metal|pipe|oven|dishwasher)",
            r"(?:exposed|bare|live|frayed) (?:electrical )?(?:wires?|wiring)",
            r"transformer _(?:blew|exploded|popped|blown|blown up|spark\w*)",
        ),
    ),
    # Burning smells last: at an outlet or a panel they are electrical.
    (
        C.FIRE_SMOKE,
        (
            rf"{_SMELL} _(?:smoke|burn\w*|burnt|fire|scorch\w*)",
            rf"(?:burn\w*|burnt|scorch\w*) (?:plastic |rubber |wire |wires |wiring |electrical |hair |dust |paper |wood |metal |oil )?(?:type |kind of )?{_SMELL}",
            r"(?:something|plastic|rubber|insulation|its|motor is|house|stuff|wood|carpet|curtains?) (?:is |is still |are )?burning\b(?! (?:up|hot|through))",
        ),
    ),
    (
        C.SEWAGE,
        (
            rf"{_SEWER} _(?:back\w*|coming|overflow\w*|in (?:the|my|our)|everywhere|flood\w*|leak\w*|all over|on the|smell\w*|pouring|bubbling|up through|rising|pooling|spill\w*|spray\w*|through)",
            r"(?:backed up|backing up|backup|back up|overflow\w*|full|flooded|flooding|leaking|bubbling|smell\w*|coming|covered|spill\w*) _(?:sewage|raw waste|feces|poop|human waste|toilet water|black water|sewer water)",
            r"(?:raw sewage|sewage (?:back ?up|spill)|sewer back(?:ed|ing|s)? ?(?:up)?|main sewer _clog\w*|sewer main _back\w*)",
            r"toilet\w* (?:is |are |keeps |started |and \w+ (?:is |are )?)?(?:overflow\w*|back(?:ed|ing) up) _(?:tub|shower|floor|everywhere|bathroom|house|basement|drain|hallway|ceiling)",
            r"(?:tub|shower|floor drain|basement drain|drains?|sinks?) _(?:back\w* up|fill\w*|com\w* up|bubbl\w*|gurgl\w*) _(?:flush\w*|toilet|sewage|sewer|poop|brown|black)",
            r"(?:brown|black|dirty|nasty|filthy) water _(?:coming up|backing up|from the (?:drain|toilet|floor drain)|out of the (?:drain|toilet|tub|shower)|up through)",
        ),
    ),
    (
        C.MAJOR_LEAK,
        (
            r"(?:pipes?|hoses?|water line|water main|water heater|main line|supply line|valve|toilet supply|hot water tank|tank) (?:\w+ ){0,3}(?:burst\w*|bust\w*|broke\b|ruptured|exploded|split|blew|snapped)",
            r"(?:burst\w*|busted|ruptured|exploded|broken|blown) (?:\w+ ){0,2}(?:pipes?|water line|water main|hose|supply line|water heater)",
            r"water (?:is |was |just |keeps |started |all )*(?:pouring|gushing|spraying|shooting|flooding|spewing|flowing|everywhere|all over|rushing|raining|streaming|blasting|running down)",
            r"(?:pouring|gushing|spraying|shooting|spewing|rushing|streaming|flooded with|inches of|feet of|foot of|lots of|tons of) (?:out )?water\b(?! heater| pressure| bill)",
            r"water _(?:through|from|out of|down) (?:the |my |our )?(?:\w+ )?(?:ceilings?|walls?|light|upstairs)\b",
            r"(?:ceilings?) _(?:collaps\w*|caving|caved|bulg\w*|sagging|coming down|pouring|fell|falling|about to)",
            r"(?:house|basement|kitchen|bathroom|crawl ?space|living room|laundry room|garage|floor|hallway|apartment|downstairs|utility room|bedroom|office) (?:\w+ ){0,3}(?:flood\w*|under ?water|filling)",
            r"(?:flood\w*|filling up) (?:\w+ ){0,2}(?:house|basement|kitchen|bathroom|living room|laundry room|garage|apartment|downstairs|place|room)",
            r"(?:cant|cannot|wont|not able to|unable to|couldnt|doesnt) _(?:shut|turn|stop) (?:\w+ ){0,3}(?:the water|water|leak|main|it)\b _(?:leak\w*|pouring|gushing|water|flood\w*|spray\w*|running)",
            r"(?:leak\w*|pouring|gushing|water|flood\w*|spraying) _(?:cant|cannot|wont|unable to|couldnt|not able to) _(?:shut|turn|stop|get it) (?:\w+ ){0,3}(?:off|stop|it|closed)",
            r"(?:major|massive|huge|serious|terrible) (?:water )?leak",
            r"(?:its|were|we are|im|got|have|having|theres) (?:\w+ )?flood(?:ing|ed)\b(?! (?:light|insurance|with calls))",
        ),
    ),
)

# The same told in Spanish, in the plainest words only; recognisers drop accents now and then.
_HUELE = r"(?:huel[ea]\w*|oliendo|olemos|ol[ií]a|olor\w*|apesta\w*)"
_ALARMA = r"(?:alarmas?|detector\w*|sensor\w*)"
_SUENA = r"(?:suen\w+|son(?:ando|[oó])\b|pit\w+|activ\w+|dispar\w+|salt[oó])"
SPANISH: tuple[tuple[C, tuple[str, ...]], ...] = (
    (
        C.GAS_LEAK,
        (
            rf"{_HUELE} _(?:gas|gasolina|huevos? podridos?)\b",
            r"(?:fugas?|escapes?|p[eé]rdida) _gas\b",
            r"gas _(?:fuga\w*|escap\w+|saliendo)",
            rf"{_ALARMA} _gas _{_SUENA}|{_SUENA} _{_ALARMA} _gas\b",
        ),
    ),
    (
        C.FIRE_SMOKE,
        (
            r"(?<!de )humo\b",
            rf"(?:{_HUELE}|llen[oa]|mucho olor) _(?:humo|quemad[oa]|quem[aá]ndose)\b",
            r"(?:hay|veo|vemos|tenemos|se|salen?|saliendo) _(?:fuego|llamas|incendi\w+)\b",
            r"(?:en llamas|se est[aá]n? quemando)\b",
            r"(?<!contra )(?<!de )(?:fuego|incendio) (?:en|dentro)\b",
            rf"{_ALARMA} de (?:humo|incendios?|fuego) _{_SUENA}",
            rf"{_SUENA} _{_ALARMA} de (?:humo|incendios?|fuego)\b",
        ),
    ),
    (
        C.CARBON_MONOXIDE,
        (
            r"(?<!detector de )(?<!alarma de )(?<!sensor de )mon[oó]xido\b",
            rf"{_ALARMA} _mon[oó]xido _{_SUENA}",
            rf"{_SUENA} _{_ALARMA} _mon[oó]xido\b",
        ),
    ),
    (
        C.ELECTRICAL_HAZARD,
        (
            r"(?:chispas|chispazos?|chisporrote\w+|chispeando)\b",
            r"(?:descargas?|toques?|choques?) el[eé]ctric[oa]s?\b",
            r"cables? (?:de \w+ )?(?:ca[ií]d[oa]s?|pelad[oa]s?|quemad[oa]s?)\b",
        ),
    ),
    (
        C.FLOOD_ELECTRICAL,
        (
            r"agua _(?:en|a|cerca de|sobre|dentro de|por|hasta) (?:el |la |los |las |mi )?(?:enchufes?|contactos?|caja de (?:la luz|breakers|fusibles)|tablero|panel|breakers?|medidor|l[aá]mpara|foco|cables?)\b",
            r"(?:enchufes?|contactos?|cables?|panel|tablero|breakers?|medidor) _(?:mojad[oa]s?|bajo el agua|en el agua)\b",
        ),
    ),
    (
        C.SEWAGE,
        (
            r"(?:aguas (?:negras|residuales)|caca|pop[oó]|mierda|excremento) _(?:sal\w+|sub\w+|en|por|regres\w+|inund\w+|desbord\w+)\b",
            r"(?:sal\w+|regres\w+|hay|desbord\w+) _(?:aguas (?:negras|residuales)|caca|pop[oó]|mierda|excremento)\b",
            r"(?:drenaje|cloaca|fosa s[eé]ptica|pozo s[eé]ptico) _(?:regres\w+|desbord\w+|reb[oa]s\w+|devolv\w+|inund\w+)\b",
            r"(?:regres\w+|desbord\w+|rebos\w+) _(?:drenaje|cloaca|fosa s[eé]ptica|pozo s[eé]ptico)\b",
        ),
    ),
    (
        C.MAJOR_LEAK,
        (
            r"(?:inund[oó]|inundad[oa]|inundando|inundaci[oó]n)\b",
            r"(?:tuber[ií]a|tubo|ca[ñn]er[ií]a) _(?:revent\w+|rompi[oó]|rot[oa])\b|revent[oó] _(?:tuber[ií]a|tubo|ca[ñn]er[ií]a)\b",
        ),
    ),
)

# The house gets too cold to live in: no heat, and somebody or something the cold harms.
NO_HEAT = (
    r"(?:no|lost|without|dont have|havent had|aint got|havent got|losing|out of) (?:any |our |the |my )?(?:heat|heating|furnace)\b",
    rf"{_HEAT} (?:\w+ ){{0,3}}(?:out|off|quit|died|dead|stopped|broke\w*|down|isnt|not|wont|doesnt|went|gone|kicked|shut|failed|blowing cold|went out|quitting|busted|conked|hasnt)\b",
    r"(?:no|lost|without|doesnt have|wont) (?:\w+ ){0,2}heat\b",
    r"(?:no (?:hay|tenemos|tengo|tiene|sirve|prende|funciona)|sin|se (?:apag|descompus|da[ñn])\w+) (?:\w+ ){0,2}(?:calefacci[oó]n|calent[oó]n|calefactor|caldera|heater)\b",
    r"(?:calefacci[oó]n|calent[oó]n|calefactor|caldera|heater) (?:\w+ ){0,2}no (?:sirve|prende|funciona|calienta|jala)\b",
)
COLD = (
    r"freez\w+(?<!freezer)(?<!freezers)|below zero|sub ?zero|negative \w+ (?:degrees|outside|out)|minus \w+|single digits|in the teens|(?:blizzard|ice storm)",
    r"infants?|newborns?|bab(?:y|ies)|toddlers?|elderly|oxygen|premature|hospice|\w+ (?:month|months|week|weeks|day|days) old|(?:[789]\d|seventy|eighty|ninety)(?: \w+)? years? old|(?:grand(?:mother|father|ma|pa)|disabled|dialysis|medically)",
    r"(?:\b[1-4]?\d|\b5[0-5]|ten|twenty|thirty|forty|fifty)(?: \w+)? (?:degrees )?(?:in here|inside|in the house|in my house|in our house|in this house|indoors)",
    r"(?:\b[12]?\d|zero|five|ten|fifteen|twenty|twelve) (?:degrees )?(?:out|outside|out there|tonight)",
    r"beb[eé]s?\b|reci[eé]n nacid[oa]s?|ancian[oa]s?|abuel\w+|ox[ií]geno|bajo cero|nevando|helad[oa]s?|hel[aá]ndonos|congel[aá]\w+",
    r"see (?:my|our|your) breath|pipes? (?:are |is |will |might |could |going to |gonna )*(?:freez\w*|froze\w*|burst)|frostbit\w*|hypotherm\w*|shivering",
)

# Names that hold such a word and no danger; taken out before anything else is looked at.
NAMES = (
    r"(?:wood|oil|gas|coal|pellet|clean|slow|fuel) burning|burn(?:ing|s)? (?:through )?(?:a lot of )?(?:money|electricity|calories|fuel)|"
    r"smok(?:y|ey) (?:\w+ )?(?:road|rd|lane|drive|street|court|hollow|mountains?|ridge|valley|hill|creek|way|joes?)|"
    r"fire (?:place|pit|department|dept|extinguisher|code|station|drill|hydrant|truck|marshal|inspect\w*|sprinkler\w*|wood|escape|chief|door|table|damper)s?|"
    r"(?:gas|electric|water|power) (?:bill|company|station|utility|meter reading)s?"
)

# Words that follow or surround the danger's name when somebody speaks of something else.
HARMLESS = (
    r"(?:last|previous|prior) (?:year|month|winter|summer|spring|fall|season|owners?|tenants?|decade)|(?:years?|months) ago|a while (?:back|ago)|back in (?:\d+|the)|used to\b|when i was",
    r"what (?:if|should i do if|would happen if|do i do if)|in case (?:of|there)|hypothetically|so (?:it|that|there) (?:doesnt|wont|isnt)|(?:prevent|avoid|risk of|worr(?:y|ied) about future|protect against)",
    r"(?:install\w*|replac\w*|buy\w*|upgrad\w*|hardwir\w*|put in|mount|new|add|adding|sell|carry|test(?:ing|ed)?|inspect\w*|expired?|code) (?:\w+ ){0,4}(?:detectors?|alarms?)",
    r"(?:detectors?|alarms?) (?:\w+ ){0,3}(?:install\w*|replaced|expired?|inspect\w*|tested|mounted|hardwired|upgraded|test\b)",
    r"(?!.* fresh air)chirp\w*|low battery|battery (?:is |was )?(?:low|dead|dying)|(?:change|replace|changed|replaced) (?:the |its |my )?batter\w+|every (?:thirty|30|forty|sixty|60|few) (?:seconds|minutes)|once (?:a|every) (?:minute|\w+ minutes)|end of life|single beep|one beep|beeps once",
    r"(?:do|can|could|would|will) (?:you|yall|you guys|your guys) (?:\w+ ){0,2}(?:test for|sell|install|carry|hook up)",
    r"(?:movie|song|tv show|book|video|article|news|commercial|podcast|flyer)\b",
    r"(?:cigarettes?|cigars?|weed|marijuana|tobacco|vape|bbq|barbecue|smoker|brisket|incense|candles?|campfire|secondhand|second hand|quit smoking|non ?smoking|no smoking|smoke outside|i smoke|who smokes|smokes outside)\b",
    r"(?:ignit\w+|burners?|pilot|grill|stove|oven|range) (?:\w+ ){0,2}(?:clicks? and )?spark\w*",
    r"(?:fire|fires|firing) (?:up|right up|back up)\b|spark plugs?|sticker shock|surge protector",
    r"(?:insurance|water) (?:claim|adjuster|restoration company|damage company)|flood (?:lights?|insurance|zone|plain)|flooded with calls",
    r"(?:hot |well |tap |cold |our |my |the )?water (?:that |which )?(?:has |had |have |is |kind of |it |really |just |always )*(?:smell\w*|stink\w*|an? odor|odor|a (?:rotten egg|sulfur|bad|funny) smell)|(?:hot water|water|shower|faucet|tap) (?:smell\w*|stink\w*) _(?:rotten eggs?|sulfur|egg)",
    r"(?:sewer|septic|sewage) (?:line |tank |pipe |drain |camera |system )?(?:inspect\w*|camera|pumped|pumping|scope|quote|estimate|insurance|replacement|cleanout|maintenance|hookup|tap|bill)",
    r"gas (?:bill|fireplace insert|logs?|prices?|card|mileage|company called|tank full)|(?:convert\w*|switch\w*|chang\w*) (?:\w+ ){0,4}(?:to|from) (?:natural |propane )?gas",
    r"(?:freon|refrigerant|coolant) (?:gas )?(?:leak\w*|smell\w*|is leak\w*)|leak\w* (?:freon|refrigerant|coolant)",
)
