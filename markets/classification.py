"""What a question is about, found by a table: first by its source, then by its words, else `social`.

The table is a reader's aid, not a judge: the type it finds stands in the proposal, where people see it before
they approve. It names few people and no teams, because those change faster than code.
"""

from __future__ import annotations

import re

OTHERWISE = "social"
CLEAR_LEAD = 2  # a background names other things in passing, and one word alone is often such a thing
OF_SOURCE = {"acled": "political", "fred": "economic", "yfinance": "finance"}

# A word in small letters is found in any case, one with a capital only as written; a plural or 's may follow,
# a star stands for any ending. Between equals the earlier type wins: those that need more approval lead.
OF_WORDS = {
    "political": """
        abdicate, AfD, airstrike, ambassador, annex*, arms control, army, as PM, assassinat*, asylum,
        attack, attorney general, authoritarian, ballot, biden, blockade, border, by election, by-election,
        cabinet, capture, CDU, ceasefire, chancellor, civil unrest, coalition, combat, communist, conflict,
        congress, congressional, constitution*, coup, defense force, democrat*, deploy, deport*, diplomat,
        diplomatic, DOGE, dprk, elected, election, embassy, enact*, erdogan, european commission, european
        council, european union, executive department, executive order, extradit*, federal agencies, federal
        court, federal government, gaza, government, governor, gubernatorial, hamas, head of government,
        head of state, hezbollah, house seat, houthi, hung parliament, IAEA, ICC, immigration, impeach*,
        inaugurat*, independence, indict*, international criminal court, invade*, invasion, iran, iranian,
        israel, israeli, king of, law, lawmaker, leader of, legaliz*, legislat*, lib dem, macron, maduro,
        martial law, mayor, mayoral, meet in person, member state, midterm, military, minister, missile,
        modi, most seats, nato, naval, navy, netanyahu, next PM, nominate, nominee, north korea, nuclear
        site, nuclear test, nuclear weapon, nuclear-armed, nuke, out as leader, palestin*, pardon,
        parliament*, party win, peace agreement, peace deal, peace talk, PM of, policy, political, popular
        vote, presidency, president, presidential, primaries, primary election, prime minister, protest,
        putin, reelected, referendum, regime, repeal*, republican, resign, russia, russian, sanction,
        schengen, secession, second-most seats, secretary of state, security council, senate, senator,
        sovereignty, speaker of the house, starmer, state of emergency, strait of hormuz, strike on, supreme
        court, taiwan, territory, treaty, troop, trump, U.S. Attorney, ukraine, ukrainian, UN, united
        nations, US Attorney, US forces, vance, venezuela*, veto, vote, voter, war, war crime, warfare,
        warhead, white house, xi jinping, zelensky*""",
    "economic": """
        austerity, balance of trade, bank of england, bank of japan, basis point, bps, brent, budget,
        central bank, consumer confidence, consumer price, corridor, CPI, crude, currency union, customs,
        debt ceiling, deficit, diesel, ECB, economic, economic growth, economy, electricity price, euro
        area, exchange rate, export, Fed, federal funds, federal reserve, fiscal, FOMC, food price, gas
        price, gasoline, GDP, home cost, home price, house price, housing start, import, industrial
        production, inflation, interest rate, job posting, jobless, jobs report, labour market, minimum
        wage, mortgage, national debt, natural gas, oil price, OPEC, payroll, PMI, poverty line, price of
        oil, producer price, productivity, public debt, rate cut, rate hike, recession, reserve currency,
        retail sale, stagflation, supply chain, tariff, tax, trade agreement, trade balance, trade deal,
        trade deficit, trade of goods, treasury, unemployment, USMCA, wage, world output""",
    "finance": """
        10-K, 10-Q, acquisition, airdrop, all-time high, bankrupt, bankruptcy, billionaire, bitcoin, bond
        yield, bonds, BTC, buyback, chapter 11, circuit breaker, close above, close below, close price,
        closing price, corporate bond, crypto, cryptocurrencies, cryptocurrency, DAX, dividend, dogecoin,
        dollar index, dow jones, DXY, earnings, ETF, ETH, ethereum, exchange-traded fund, FDV, fortune 500,
        ftse, funding round, going concern, Gold (GC), gold price, hang seng, hedge fund, in volume, initial
        public offering, IPO, jane street, market cap, market capitalization, market manipulation, market
        value, memecoin, merger, nasdaq, net worth, nikkei, NYSE, price of gold, profitable, public sale,
        revenue, richest, S&P, S-1, satoshi nakamoto, SEC filing, share price, shareholder, shares, Silver
        (SI), solana, stablecoin, stock, stock exchange, stock split, takeover, token, trading volume,
        trillionaire, valuation, VIX, volume hit, wealthiest, worth more than, XRP, zcash""",
    "technology": """
        5g, 6g, A.I., AGI, AI, alien, Amazon, android, anthropic, app store, Apple, ARC-AGI, artificial
        general, artificial intelligence, artificial superintelligence, artificial womb, asml, astronaut,
        autonomous vehicle, AWS, batteries, battery, benchmark, blue origin, brain emulation,
        brain-computer, browser, chatgpt, chip, claude, collider, crispr, cryptograph*, cultivated meat,
        cultured meat, cyber*, data center, data centre, deep learning, deepfake, deepmind, deepseek,
        developer, driverless, electric vehicle, embryo selection, encryption, eVTOL, exascale, exoplanet,
        fab, falcon 9, fusion, gemini, gene editing, geothermal, github, Google, gpt*, gpu, grok, hack*,
        huawei, humanoid, internet, iphone, language model, launch vehicle, LIGO, llama, LLM, lunar, machine
        learning, Mars, Meta, METR, Microsoft, mistral, moon, nasa, navier-stokes, neuralink, nuclear
        fusion, nvidia, off-earth, open source, open-source, openai, operating system, orbit, orbital,
        programmer, programming, quantum, qubit, RAN, reactor, robot, robotaxi, robotic, rocket, satellite,
        self-driving, semiconductor, smartphone, software, solar power, spacecraft, spacex, starlink,
        starship, supercomputer, superforecaster, telescope, tesla, theorem, tiktok, transistor, tsmc,
        Waymo, Windows, xAI""",
    "sports": """
        AFC, afcon, athlete, athletics, australian open, backstroke, ballon d'or, baseball, basketball,
        boxing, breaststroke, bundesliga, butterfly, champions league, championship, chess, coach, copa
        america, counter-strike, cricket, cup final, cyclist, davis cup, elo rating, EPL, esports,
        euroleague, europa league, F1, FIDE, fifa, final four, finals mvp, football, formula 1, formula one,
        freestyle, french open, giro d'italia, gold medal, golf, grand prix, grand slam, grand tour, hall of
        fame, handball, hat-trick, head coach, heavyweight, heisman, hockey, IEM, IPL, la liga, LCK, league
        of legends, LEC, ligue 1, LPL, marathon, medal, mlb, mls, motogp, MVP, nascar, nba, ncaa, NFC, nfl,
        nhl, olympic*, paralympic*, pga, playoff, premier league, quarterback, regular season, relegated,
        roland garros, rugby, ryder cup, serie a, six nations, soccer, standings, stanley cup, super bowl,
        swimming, t20, tennis, title race, tour de france, tournament, uefa, ufc, us open, wimbledon, wnba,
        world cup, world record, world series, wrestl*""",
    "culture": """
        academy award, album, anime, auction, award, bafta, best actor, best actress, best director, best
        picture, best-selling, bestseller, billboard, biopic, book, booker prize, box office, broadway,
        cannes, celebrity, cinema, concert, disney, documentary, emmy, episode, eurovision, fashion,
        festival, film, game of the year, golden globe, grammy, grand theft auto, gross, grossing, GTA*,
        hollywood, james bond, literature, louvre, manga, marvel, MCU, meme, met gala, metacritic,
        minecraft, movie, mrbeast, museum, music, netflix, nintendo, nobel, novel, one piece, opening
        weekend, opera, oscar, painting, person of the year, pixar, playstation, podcast, premiere, prince,
        princess, pulitzer, rapper, rotten tomatoes, royal, screenplay, season of, singer, song, song
        contest, spotify, star wars, Steam, survivor season, television, theatrical, top artist, trailer,
        tv, unesco, venice biennale, video game, videojuego, views, world heritage, xbox, youtube""",
    "social": """
        abortion, alcohol, animal welfare, basic income, bird flu, birth rate, births, cancer, cannabis,
        cases of, census, cholera, church, climate, clinical trial, CO2, college, convicted, covid*, crime,
        custody, deaths, disease, divorce, drought, drug, earthquake, education, emission, epidemic,
        eradicated, extinction, FDA, fertility rate, flood, forest, freedom index, GLP-1, h5n1, happiness,
        health, heat wave, homeless*, homicide, hospital, hottest, hurricane, infected, infection, jail,
        life expectancy, life satisfaction, literacy, long-term care, malaria, marriage, measles, mental
        health, migrant, mpox, murder, named storm, obesity, outbreak, pandemic, polio, pope, population,
        poverty, prison, refugee, religion, residents, school, sea ice, secular, sepsis, smoking, student,
        suicide, survey, syndrome, teacher, temperature, university, vaccination, vaccine, virus, volcano,
        warmest, wastewater, weather, weed, wildfire, world health organization""",
}


def type_of(source: str, title: str, background: str) -> str:
    """The market type of a question.

    The title decides by the number of different words found. The background speaks only where the title is
    silent, and only when one type leads there clearly: it names too many things in passing.
    """
    if source in OF_SOURCE:
        return OF_SOURCE[source]
    leader, lead = _leader(title)
    if lead:
        return leader
    leader, lead = _leader(background)
    return leader if lead >= CLEAR_LEAD else OTHERWISE


def _leader(text: str) -> tuple[str, int]:
    """The type with the most different words here, and by how many it leads (at least 1 if it has any)."""
    counts = {name: len({word.lower() for word in words.findall(text)}) for name, words in FOUND.items()}
    leader = max(counts, key=lambda name: counts[name])
    others = max(count for name, count in counts.items() if name != leader)
    return leader, max(counts[leader] - others, min(counts[leader], 1))


def _pattern(words: str) -> re.Pattern[str]:
    listed = sorted(" ".join(words.split()).split(", "), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(_spelled(word) for word in listed)})(?!\w)")


def _spelled(word: str) -> str:
    stem = re.escape(word.removesuffix("*"))
    ending = r"\w*" if word.endswith("*") else r"(?:e?s|['\u2019]s)?"
    return (f"(?i:{stem})" if word.islower() else stem) + ending


FOUND = {name: _pattern(words) for name, words in OF_WORDS.items()}
