"""Words that stand where names do and are none; small lists that a person has read."""

from pipeline.identifying.words import fold_name, fold_word


def _words(text: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in text.split())


def _names(text: str) -> frozenset[str]:
    return frozenset(fold_name(name) for name in text.split("|"))


# A category with one of these in it is of a place or a body: only its whole name is looked for.
# Every other category is taken for people's, whose names are said in parts.
NOT_PEOPLE = _words(
    "address agency building church city clinic club company country court district employer home "
    "hospital house institution location mosque neighbourhood organisation organization place "
    "postcode region road school service shop street team town village"
)
# Between a given name and a surname, in Dutch and its neighbours.
PARTICLES = _words(
    "van de der den het t ten ter te in op aan bij von zu da das do dos du la le les di del della "
    "el al bin ben ibn"
)
# Before a name, and said of many: never a name's own part.
TITLES = _words(
    "meneer mijnheer mevrouw mw mevr dhr heer dr drs ds ir ing prof professor mr mrs ms miss "
    "mister sir madam dokter doctor juf juffrouw meester zuster broeder pater pastoor imam rechter "
    "agent oma opa tante oom papa mama pap mam pa ma vader moeder broer zus zusje broertje "
    "stiefvader stiefmoeder pleegvader pleegmoeder kleine grote oude jonge baby nan nana nanny "
    "grandma grandpa gran granny granddad grandad grandmother grandfather auntie aunt uncle mum "
    "mummy mom mommy mam dad daddy mother father brother sister stepdad stepmum stepmom teacher "
    "officer judge pc little big old young sint saint st"
)
# What a transcript calls those whom it does not name.
GENERIC_LABELS = _words(
    "interviewer interviewster interviewee int iv ivr ie speaker spreker participant deelnemer "
    "deelneemster respondent respondente resp moderator gespreksleider onderzoeker onderzoekster "
    "researcher facilitator observer observator host guest gast tolk interpreter translator "
    "unknown onbekend narrator voice stem client cliënt client jongere kind child ouder ouders "
    "parent parents moeder vader mother father pleegouder pleegmoeder pleegvader caregiver carer "
    "verzorger opvoeder hulpverlener hulpverleenster worker caseworker casemanager voogd "
    "gezinsvoogd jeugdbeschermer professional therapist therapeut gedragswetenschapper leerkracht "
    "man vrouw woman female male all allen iedereen everyone group groep q a i r m v k nr no de "
    "het een the other ander andere persoon person user gebruiker meeting room system"
)
# General bodies and things with a name: they carry meaning for the study and point at nobody.
GENERAL_BODIES = {
    "nl": _names(
        "Jeugdzorg|Bureau Jeugdzorg|Jeugdbescherming|Jeugdhulp|Jeugdreclassering|Raad|de Raad|"
        "Raad voor de Kinderbescherming|Kinderbescherming|Veilig Thuis|Advies- en Meldpunt "
        "Kindermishandeling|AMK|GGZ|GGD|Jeugd-GGZ|CJG|Centrum voor Jeugd en Gezin|Gemeente|"
        "Wijkteam|Sociaal Team|Halt|UWV|DUO|CAK|CIZ|SVB|OM|Openbaar Ministerie|Rechtbank|"
        "Kinderrechter|Politie|Kindertelefoon|Leger des Heils|MST|MDFT|OTS|UHP|VIR|POH|AZC|COA|IND|"
        "MBO|HBO|VMBO|HAVO|VWO|BSO|ADHD|ADD|ASS|PTSS|PDD|EMDR|WMO|PGB|AVG"
    ),
    "en": _names(
        "CPS|Child Protective Services|Child Protection|Social Services|Social Care|Children's "
        "Services|Children's Social Care|Social Work|CAMHS|NHS|Ofsted|Cafcass|NSPCC|Childline|"
        "Family Court|Court|Council|Local Authority|Police|Early Help|Sure Start|Youth Offending "
        "Team|YOT|MASH|DCF|DHS|DCFS|Department of Children and Families|Foster Care|GP|A&E|SEN|"
        "SENCO|EHCP|ADHD|ADD|ASD|PTSD|CIN|LAC|IRO|DSL|PIP|DBS|ICPC|GCSE|GCSEs|A Levels"
    ),
}
GENERAL_THINGS = _names(
    "WhatsApp|Facebook|Instagram|Snapchat|TikTok|YouTube|Twitter|Google|Netflix|Zoom|Teams|Skype|"
    "PlayStation|Xbox|Nintendo|Minecraft|Fortnite|Roblox|Covid|Corona|Covid-19|Nederland|Holland|"
    "Netherlands|the Netherlands|England|UK|US|USA|America|Britain|Europe|Europa|God|Allah|"
    "TV|PC|DVD|CD|SMS|OK|ID|IQ|HR|IT|WC|BMW|DNA|PDF|NB"
)
# Said for a person, or to fill a pause, and taken for a name by a recogniser.
ROLE_WORDS = _words(
    "mam mama mamma mum mummy mom mommy mother papa pap dad daddy father oma opa grandma grandpa "
    "nan nana granny auntie uncle tante oom broer zus brother sister baby juf meester meneer "
    "mevrouw miss sir ma'am yeah yep yes no nope okay ok oh ah um uh erm hmm mm mmm hm ja nee nou "
    "nah well right so like hello hi hey hoi dag bye thanks sorry please lord jesus christ gosh "
    "hij zij hem haar he she him her they them we us you jij je u ik i interviewer participant "
    "mm-hm mhm uh-huh uhuh ooh pff goh doei tuurlijk cheers "
    "speaker respondent moeder vader kind child voogd gezinsvoogd social worker caseworker"
)
# Written with a capital, by rule or by habit, and no name.
CALENDAR_AND_PEOPLES = _words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri "
    "sat sun mondays tuesdays wednesdays thursdays fridays saturdays sundays january february "
    "march april may june july august september october november december maandag dinsdag woensdag "
    "donderdag vrijdag zaterdag zondag januari februari maart mei juni juli augustus oktober "
    "christmas easter ramadan eid halloween diwali kerst kerstmis pasen pinksteren hemelvaart "
    "sinterklaas suikerfeest offerfeest koningsdag english dutch british irish scottish welsh "
    "american french german spanish italian polish turkish moroccan arabic chinese indian "
    "pakistani african asian caribbean european portuguese romanian russian ukrainian syrian "
    "somali greek hungarian jewish muslim islam islamic christian catholic protestant hindu "
    "nederlands nederlandse nederlander nederlanders engels engelse duits duitse frans franse "
    "spaans spaanse "
    "italiaans italiaanse pools poolse turks turkse marokkaans marokkaanse surinaams surinaamse "
    "antilliaans antilliaanse arabisch arabische chinees chinese russisch russische oekraïens "
    "oekraïense syrisch syrische somalisch somalische portugees portugese belgisch belgische "
    "vlaams joods joodse islamitisch christelijk katholiek katholieke "
    "internet"
)
# How sentences begin in speech; what stands here is left out of the list of possible names.
SENTENCE_STARTERS = {
    "nl": _words(
        "nou oké oke okay eigenlijk soms goed daarnaast natuurlijk bovendien gisteren vandaag "
        "morgen vroeger straks daarvoor daarbij daarmee daardoor hierdoor intussen ineens opeens "
        "plotseling gelukkig helaas eindelijk uiteindelijk tenslotte inderdaad zeg kijk luister "
        "weet denk vind kun kunt heb hoor zie ging gaat ga kwam komt vertel wilt begrijp snap hè "
        "hé he hoi hallo dag bedankt dank sorry mmm mm hm hmm uhm uh eh ehm ah oh nee jawel tja "
        "prima precies klopt mooi fijn leuk jammer erg heel vooral vaak altijd nooit elke iedere "
        "sommigen mensen kinderen ouders moeder vader mama papa oma opa mijn onze dus allemaal "
        "aangezien behalve thuis school hopelijk blijkbaar kennelijk zogezegd af stel stop wacht "
        "pardon blij twee drie vier vijf zes zeven acht negen tien hoeveel hoezo waarvoor waarmee "
        "waardoor daarvan daarover erna ervoor eerlijk zoiets mevrouw meneer"
    ),
    "en": _words(
        "yeah yes yep no nope okay ok oh ah um uh erm hmm mm mmm hm right sure exactly actually "
        "basically honestly obviously maybe probably like sometimes yesterday today tomorrow later "
        "finally luckily sadly eventually suddenly anyway tell think know remember thank thanks "
        "sorry please good great nice fine let got went came said told mum mom mam dad grandma "
        "grandpa mother father people kids children parents social school home two hi hello hey "
        "bye everybody somebody things especially imagine wait look listen absolutely definitely "
        "true fair funny interesting i'm i've i'd i'll it's that's he's she's there's don't didn't "
        "doesn't can't couldn't wouldn't won't isn't wasn't you're we're they're what's let's "
        "who's four eleven"
    ),
}
