"""English forms that no stemmer finds: each line a word and the forms it takes (“fled” is found by “flee”).

Only forms that are not words of another meaning in this field: “found” and “lives” stay as they are.
"""

_FORMS = """
    admit admission admissions
    apply application applications applicant applicants
    arise arose arisen
    arrive arrival arrivals
    beat beaten
    become became
    begin began begun
    bite bit bitten
    break broke broken
    bring brought
    build built
    buy bought
    catch caught
    child children
    choose chose chosen
    come came
    crisis crises
    deal dealt
    decide decision decisions
    detain detention
    die died dies dying
    draw drew drawn
    drive drove driven
    eat ate eaten
    expel expulsion expulsions
    fall fell fallen
    feed fed
    feel felt
    fight fought
    flee fled
    fly flew flown flies flight flights
    forbid forbade forbidden
    forget forgot forgotten
    give gave given
    grow grew grown
    hear heard
    hide hid hidden
    hold held
    keep kept
    lead led
    leave left leaving
    lend lent
    lie lied lying lies
    lose lost loss losses
    man men
    meet met
    pay paid payment payments
    receive reception
    recognise recognition
    refuse refusal refusals
    ride rode ridden
    rise rose risen
    run ran
    seek sought
    sell sold
    send sent
    shoot shot
    sink sank sunk
    sleep slept
    speak spoke spoken speech
    spend spent
    stand stood
    steal stole stolen
    swear swore sworn
    swim swam
    take took taken
    teach taught
    tear tore torn
    tell told
    think thought
    throw threw thrown
    understand understood
    wife wives
    win won
    woman women
    write wrote written
"""
# form → word
IRREGULAR = {form: line.split()[0] for line in _FORMS.strip().splitlines() for form in line.split()[1:]}
