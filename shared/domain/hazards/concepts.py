"""Words that stand for the same thing when somebody tells of a danger, by the thing they stand for.

The classifier counts the thing beside the word, so that what it learnt of "reeks" holds for
"stinks". The lists hold what telephone speech-to-text makes of a word, and the Spanish words
without their accents. A word stands for one thing only.
"""

_LISTS = {
    "gas": "gas gaz gaas gass gus gash propane propain natural mercaptan lp methane butane",
    "smell": """smell smells smelling smelled smelly odor odors odour stink stinks stinky stinking
        stench reek reeks reeking whiff whiffs fumes scent sniff
        huele huelo huelen oliendo olor olores apesta apestan olia""",
    "egg": "egg eggs eggy rotten sulfur sulphur skunk skunky cabbage huevo huevos podrido azufre",
    "smoke": """smoke smokes smoking smoky smokin smoked haze hazy smog spoke foggy soot sooty
        humo humeando ahumado""",
    "fire": """fire fires flame flames blaze ablaze burning embers smolder smoldering smoulder
        smouldering fuego llamas llamarada lumbre incendio incendiando quemando ardiendo""",
    "burnt": """burnt burned scorched scorch charred charring melted melting melt toasted
        blackened singed quemado quemo derretido derritio""",
    "spark": """spark sparks sparking sparked arc arcs arcing arced arching arch flash flashes
        flashed chispa chispas chispazo chispeando""",
    "buzz": """buzz buzzing buzzes humming hums hum sizzling sizzle sizzles crackling crackle
        crackles frying popping popped fizzing fizzles zumbando tronando truena""",
    "hiss": "hiss hisses hissing whistling whistles silba silbando roaring blowing",
    "hot": "hot warm scalding caliente",
    "shock": """shock shocked shocks shocking zap zapped zapping zaps jolt jolted tingle tingles
        tingling electrocuted electrified toques toque corriente descarga electrocuto""",
    "outlet": """outlet outlets plug plugs plugged socket sockets receptacle receptacles switch
        switches cord cords strip enchufe enchufes contacto contactos apagador tomacorriente""",
    "panel": """panel panels breaker breakers fuse fuses fusebox meter disconnect transformer
        electric electrical electricity medidor caja fusibles""",
    "wire": "wire wires wiring line lines cable cables pole",
    "light": "light lights fixture fixtures chandelier bulb bulbs lamp foco focos lampara",
    "water": "water agua aguas",
    "flood": """flood flooded flooding floods underwater submerged inundado inundada inundando
        inundo flooda""",
    "gush": """pouring gushing gush spraying spewing shooting geyser everywhere torrent fountain
        waterfall raining chorro chorros poring""",
    "burst": """burst bursted bursts busted bust exploded explode snapped ruptured split broke
        reventada revento rompio rompieron quebro""",
    "leak": """leak leaks leaking leaked leaky leek drip drips dripping fuga fugas goteando gotea
        gotera escape""",
    "ceiling": "ceiling ceilings techo wall walls pared",
    "sewage": """sewage sewer poop waste feces turds crap septic excrement effluent drenaje popo
        caca mierda negras feces suer shit poo""",
    "up": "up back backing backed backs overflow overflowing overflowed overflows desbordando",
    "fixture": """tub bathtub shower toilet toilets sink drain drains commode basin tina regadera
        bano excusado inodoro""",
    "heater": """heat heater heaters heating furnace furnaces boiler radiator radiators calefaccion
        calenton""",
    "out": """out dead died quit quits quitting broken stopped off down conked kaput""",
    "cold": """cold freezing freezes frozen freeze froze ice icy frigid blizzard snow snowing zero
        subzero frost shivering breath frio helado helada helando nevando congelando congelados""",
    "frail": """baby babies infant infants newborn newborns toddler preemie elderly oxygen hospice
        dialysis ventilator chemo eighties nineties seventies grandmother grandma grandfather
        grandpa pregnant bebe recien abuela abuelita abuelo oxigeno""",
    "monoxide": "monoxide co monoxido carbonmonoxide carbono manoxide monoxid",
    "alarm": "alarm alarms detector detectors monitor sensor alert alarma alarmas",
    "sounding": """beeping beeps blaring screaming sounding ringing shrieking hollering tripped
        sonando suena pitando pitar""",
    "chirp": "chirp chirps chirping chirped battery batteries expired replace pila",
    "ill": """headache headaches dizzy nauseous nausea nauseated sick vomiting vomit lightheaded
        woozy drowsy faint fainted confused unconscious collapsed throwing mareados mareada
        mareado mareos vomitando nauseas desmayo""",
    "engine": "generator exhaust idling grill charcoal generador",
    "cooling": "ac conditioner conditioning cooling cool freon coil condenser compressor aire",
    "fridge": "fridge freezer refrigerator cooler refri congelador",
    "place": "basement cellar crawlspace crawl attic garage sotano atico basemant",
    "tap": "faucet tap spigot showerhead llave well",
    "small": "small tiny slow little slight minor bit trickle poquito poco",
    "money": """price bill cost quote estimate charge invoice dollars factura cotizacion precio
        recibo""",
    "fine": "fine okay comfortable normal safe dry good perfect bien seco",
    "flue": "flue vent vents chimney duct ducts exhaust",
    "everyone": "everyone everybody all family kids both todos hijos",
    "other": "tenant tenants renter renters neighbor inquilino inquilina vecino landlord",
}

CONCEPTS: dict[str, str] = {}
for _thing, _words in _LISTS.items():
    for _word in _words.split():
        CONCEPTS.setdefault(_word, _thing)

# Numbers in words; tens and units are added ("eighty four").
NUMBERS: dict[str, int] = {
    word: value
    for value, words in {
        0: "zero cero", 1: "one uno un", 2: "two dos", 3: "three tres", 4: "four cuatro",
        5: "five cinco", 6: "six seis", 7: "seven siete", 8: "eight ocho", 9: "nine nueve",
        10: "ten diez", 11: "eleven once", 12: "twelve doce", 13: "thirteen", 14: "fourteen",
        15: "fifteen quince", 16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen",
        20: "twenty veinte", 30: "thirty treinta", 40: "forty cuarenta", 50: "fifty cincuenta",
        60: "sixty sesenta", 70: "seventy setenta", 80: "eighty ochenta", 90: "ninety noventa",
    }.items()
    for word in words.split()
}  # fmt: skip

# What a sentence does with a danger: tells of one long ago, supposes one, wants something sold.
# Runs over the words as the features have them, one space between them.
FRAMES: dict[str, str] = {
    "past": r"last (?:year|month|week|winter|summer|spring|fall|time|christmas|thanksgiving|"
    r"january|february|march|june|november|december)|(?:years?|months?|weeks?|winters|summers) "
    r"(?:ago|back)|used to|back (?:in|when)|in (?:19|20)\d\d|when (?:i|we) (?:was|were|bought)|"
    r"previous|(?:old|our last|other) (?:house|place|owner)|once|long ago|ever since|"
    r"ano pasado|mes pasado|hace (?:un|dos|tres) anos?",
    "over": r"cleared|all clear|(?:its|is|was|got|been|all|has been) (?:fixed|repaired|replaced|"
    r"gone|off|capped)|(?:fixed|replaced|repaired) (?:it|that|them)|turned out|false alarm|"
    r"never mind|(?:is|its|came|back) (?:back )?on|works? (?:great|fine|now)|no more|since then|"
    r"was just|it was (?:the|my|a)|dried|all good|were good|checked (?:it|everything)|"
    r"already (?:came|fixed|cut)|ya (?:lo|la|esta|quedo|no|vinieron|reviso\w*|arregl\w+)",
    "if": r"what (?:if|would|should|happens|do i do if|are the)|if (?:i|we|my|the|there|it|a) "
    r"(?:ever |were |had |smell|smelled|see|goes|backs|catches|falls|floods|bursts|breaks|gets)|"
    r"in case|how (?:would|do) (?:i|we|you) (?:know|test|teach|prevent)|hypothetic\w+|"
    r"just (?:wondering|asking|curious|so i know)|is it (?:normal|safe|bad|dangerous) to|"
    r"someday|worried about|dont want (?:it|to|anybody)|can (?:a|an|you get|kids|old|bad)|"
    r"could (?:a|an|old|that|water|rain)|que (?:hago|pasa) si|como se si|algun dia",
    "buy": r"how much|quote|estimate|price|install\w*|do you (?:sell|carry|do|have|guys|work)|"
    r"looking (?:for|to)|(?:id|i) (?:like|want|need) (?:a|an|to|my|some) (?:new|quote|put|get|"
    r"have|buy|replace|move|add|switch)|tune up|inspection|maintenance|replacement|upgrade|"
    r"convert|cotizacion|cuanto (?:cuesta|cobran)|instalar|quiero (?:un|una|cambiar|poner)",
    "now": r"right now|just now|now|again|tonight|this time|today|currently|keeps?|wont stop|"
    r"still|getting (?:worse|stronger|bigger)|all over|since (?:this|last night)|ahora|ahorita|"
    r"otra vez|sigue|cant (?:stop|shut|turn|breathe)|help|hurry|please|oh (?:my )?god|ayud\w+",
    "rather": r"(?:its|it is|thats|this is|im|was) not|isnt|not (?:a|the|just|an)|no es",
    "other": r"(?:says?|said|told|called|texted|telling|reports?|complain\w*|swears|dice|dicen|"
    r"me aviso)",
    "answer": r"^(?:no|nope|not|none|nobody|nothing|nah|neither)\b",
    "ask": r"^(?:what|how|is|are|can|do|does|will|would|should|could|where|who|which|why)\b",
    "us": r"everyone|everybody|all of us|we all|both of us|whole family|all three|our kids|"
    r"todos|my (?:husband|wife) and",
}
