-- A second opinion on every payment, written from the words of the rules and from nothing of ours: tables in, pence out.
-- Admissions are whole thousandths, weights and per cent whole tenths, money whole pence. All arithmetic is in integers.
-- "Half up" of p/q, for p and q above zero, is (2p + q) / (2q) rounded down.

-- Re-basing: where the plan's cut is more than so many points above the operational plans', the board's changed target counts,
-- if it gave one for every quarter.
CREATE TEMP TABLE may AS
SELECT id, SUM(o) IS NOT NULL AND COUNT(o) = 4 AND COUNT(c) = 4 AND (SUM(o) - SUM(t)) * 1000 > beyond * SUM(b) AS changed
FROM quarter JOIN scenario USING (id) GROUP BY id;

CREATE TEMP TABLE target AS
SELECT id, 'release' AS method, n, b, t, a FROM quarter
UNION ALL
SELECT id, 'rebased', n, b, CASE WHEN changed THEN c ELSE t END, a FROM quarter JOIN may USING (id);

-- The cut so far, and what it is worth; an outturn counts only while all before it are known.
CREATE TEMP TABLE cut AS
SELECT id, method, n,
       SUM(b - t) OVER w AS planned,
       CASE WHEN COUNT(a) OVER w = n THEN SUM(b - a) OVER w END AS achieved
FROM target WINDOW w AS (PARTITION BY id, method ORDER BY n);

CREATE TEMP TABLE worth AS
SELECT id, method, n, cap, back, share,
       CASE WHEN planned > 0 THEN (2 * planned * unit + 1000) / 2000 ELSE 0 END AS plan,
       CASE WHEN achieved > 0 THEN (2 * achieved * unit + 1000) / 2000 WHEN achieved IS NOT NULL THEN 0 END AS done
FROM cut JOIN scenario USING (id);

CREATE TEMP TABLE fund AS
SELECT id, method, MIN(plan, COALESCE(share, plan)) AS fund FROM worth WHERE n = 4;

-- What has been earned so far is never above the fund, nor the plan so far where the quarter is the cap. What has been paid so
-- far is the most that was ever earned; where money is paid back it is what is earned now.
CREATE TEMP TABLE so_far AS
SELECT id, method, n,
       CASE WHEN back THEN MIN(fund, plan) ELSE MAX(MIN(fund, plan)) OVER w END AS due,
       CASE WHEN done IS NULL THEN NULL WHEN back THEN earned ELSE MAX(earned) OVER w END AS paid
FROM (SELECT *, MIN(fund, done, CASE WHEN cap = 'quarter' THEN plan ELSE fund END) AS earned
      FROM worth JOIN fund USING (id, method))
WINDOW w AS (PARTITION BY id, method ORDER BY n);

CREATE TEMP TABLE last_known AS
SELECT fund.id, fund.method, fund.fund, COALESCE(known.n, 0) AS n, COALESCE(s.due, 0) AS due, COALESCE(s.paid, 0) AS paid
FROM fund
LEFT JOIN (SELECT id, method, MAX(n) AS n FROM so_far WHERE paid IS NOT NULL GROUP BY id, method) AS known USING (id, method)
LEFT JOIN so_far AS s ON s.id = fund.id AND s.method = fund.method AND s.n = known.n;

CREATE TEMP TABLE figure (id INTEGER, method TEXT, name TEXT, pence INTEGER);
INSERT INTO figure SELECT id, method, 'fund', fund FROM last_known;
INSERT INTO figure SELECT id, method, 'paid', paid FROM last_known;
INSERT INTO figure SELECT id, method, 'withheld', MAX(0, due - paid) FROM last_known;
INSERT INTO figure SELECT id, method, 'at_stake', fund - MAX(due, paid) FROM last_known;
INSERT INTO figure SELECT id, method, 'unreleased', CASE WHEN n = 4 THEN fund - paid END FROM last_known;

-- Tests. A board's money goes to its parts, and a part's to its tests, by weight: whole pence, what is left over a penny each
-- to the largest remainders, ties to the first.
CREATE TEMP TABLE part_fund AS
SELECT id, part, together, down + (ROW_NUMBER() OVER (PARTITION BY id ORDER BY rest DESC, part) <= over) AS fund
FROM (SELECT id, part, together, down, rest, whole - SUM(down) OVER (PARTITION BY id) AS over
      FROM (SELECT id, part, together, whole, whole * weight / total AS down, whole * weight % total AS rest
            FROM scenario CROSS JOIN part CROSS JOIN (SELECT SUM(weight) AS total FROM part)));

CREATE TEMP TABLE test_worth AS
SELECT id, part, n, together, down + (ROW_NUMBER() OVER (PARTITION BY id, part ORDER BY rest DESC, n) <= over) AS worth
FROM (SELECT *, fund - SUM(down) OVER (PARTITION BY id, part) AS over
      FROM (SELECT id, part, n, together, fund, fund * weight / total AS down, fund * weight % total AS rest
            FROM part_fund JOIN test USING (part) JOIN (SELECT part, SUM(weight) AS total FROM test GROUP BY part) USING (part)));

-- A metric goes the way that is better: as its file says, else as the rules say; where they leave it open (own), as its plan
-- goes. Its ambition is how far its plan goes, and what is achieved is how far its outturn went. An outturn as good as the plan
-- delivers the whole of it.
CREATE TEMP TABLE progress AS
SELECT id, part, n, own, kind, met, CASE way WHEN 'lower' THEN b - t WHEN 'higher' THEN t - b END AS ambition,
       CASE way WHEN 'lower' THEN b - a WHEN 'higher' THEN a - b END AS achieved
FROM (SELECT seen.*, own, kind,
             COALESCE(said, CASE WHEN NOT own THEN better WHEN t < b THEN 'lower' WHEN t > b THEN 'higher' END) AS way
      FROM seen JOIN test USING (part, n) CROSS JOIN (SELECT 0 AS own UNION ALL SELECT 1));

CREATE INDEX temp.progress_of ON progress (id, part, n, own);

-- Below the threshold a metric falls short; without a threshold none does. Three rules of payment read the same tests.
CREATE TEMP TABLE judged AS
SELECT rule.method, w.id, w.part, w.n, w.worth, w.together AND 1 AS together, p.kind, p.ambition, p.achieved, rule.whatever, s.partly,
       CASE WHEN t.kind = 'condition' THEN CASE p.met WHEN 1 THEN 'passed' WHEN 0 THEN 'not met' ELSE 'not known' END
            WHEN p.achieved IS NULL OR p.ambition IS NULL THEN 'not known'
            WHEN p.achieved >= p.ambition OR NOT rule.threshold THEN 'passed'
            WHEN p.ambition <= 0 OR p.achieved <= 0 OR p.achieved * 1000 < s.below * p.ambition THEN 'short'
            ELSE 'passed' END AS outcome
FROM test_worth AS w
CROSS JOIN (SELECT 'passed_tests' AS method, 1 AS threshold, 0 AS whatever, 0 AS own
            UNION ALL SELECT 'nothing_withheld', 1, 1, 0 UNION ALL SELECT 'own_measures', 0, 0, 1) AS rule
JOIN test AS t ON t.part = w.part AND t.n = w.n
JOIN scenario AS s ON s.id = w.id
LEFT JOIN progress AS p ON p.id = w.id AND p.part = w.part AND p.n = w.n AND p.own = rule.own;

CREATE TEMP TABLE becomes AS
SELECT *, CASE WHEN whatever THEN 'earned'
               WHEN together AND failed THEN CASE outcome WHEN 'short' THEN 'recovery' ELSE 'kept' END
               WHEN together AND unknown THEN 'open'
               ELSE CASE outcome WHEN 'passed' THEN 'earned' WHEN 'short' THEN 'recovery' WHEN 'not met' THEN 'kept' ELSE 'open' END
          END AS state
FROM (SELECT *, SUM(outcome IN ('short', 'not met')) OVER w > 0 AS failed, SUM(outcome = 'not known') OVER w > 0 AS unknown
      FROM judged WINDOW w AS (PARTITION BY method, id, part));

-- A metric that pays by the share delivered earns that share of its worth, half up; every other test that earns, the whole.
CREATE TEMP TABLE test_paid AS
SELECT method, id, part, n, worth, outcome, state,
       CASE WHEN state <> 'earned' THEN 0
            WHEN whatever OR together OR kind = 'condition' OR partly = 'whole' OR achieved >= ambition THEN worth
            WHEN ambition <= 0 OR achieved <= 0 THEN 0
            ELSE (2 * worth * achieved + ambition) / (2 * ambition) END AS earned
FROM becomes;

CREATE TEMP TABLE tests_paid AS
SELECT method, id, SUM(worth) AS fund, SUM(earned) AS paid, SUM((state = 'recovery') * worth) AS recovery,
       SUM((state = 'open') * worth) AS still
FROM test_paid GROUP BY method, id;
INSERT INTO figure SELECT id, method, 'fund', fund FROM tests_paid;
INSERT INTO figure SELECT id, method, 'paid', paid FROM tests_paid;
INSERT INTO figure SELECT id, method, 'withheld', fund - paid - still FROM tests_paid;
INSERT INTO figure SELECT id, method, 'at_stake', still FROM tests_paid;
INSERT INTO figure SELECT id, method, 'unreleased', CASE WHEN still = 0 THEN fund - paid END FROM tests_paid;

-- In the place of performance money: spent out of hospital or held; what is held pays for admissions above the plan.
CREATE TEMP TABLE aside AS
SELECT id, whole AS required, spent, held, MAX(0, whole - spent - held) AS short,
       CASE WHEN held = 0 OR (t IS NOT NULL AND a <= t) THEN 0
            WHEN t IS NULL OR a IS NULL OR value IS NULL THEN NULL
            ELSE MIN(held, (2 * (a - t) * value + 1000) / 2000) END AS drawn
FROM scenario JOIN commitment USING (id);
INSERT INTO figure SELECT id, 'out_of_hospital', 'required', required FROM aside;
INSERT INTO figure SELECT id, 'out_of_hospital', 'spent', spent FROM aside;
INSERT INTO figure SELECT id, 'out_of_hospital', 'held', held FROM aside;
INSERT INTO figure SELECT id, 'out_of_hospital', 'short', short FROM aside;
INSERT INTO figure SELECT id, 'out_of_hospital', 'drawn', drawn FROM aside;
INSERT INTO figure SELECT id, 'out_of_hospital', 'back', held - drawn FROM aside;

-- Each figure to the CCGs by people, to the penny, ties by code.
CREATE TEMP TABLE ccg_figure AS
SELECT id, method, name, code, down + (place <= pence - downs) AS pence
FROM (SELECT id, method, name, code, pence, down, ROW_NUMBER() OVER w AS place,
             SUM(down) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS downs
      FROM (SELECT figure.rowid AS f, figure.id, method, name, code, pence, pence * people / total AS down, pence * people % total AS rest
            FROM figure CROSS JOIN scenario USING (id) CROSS JOIN ccg USING (board)
            JOIN (SELECT board, SUM(people) AS total FROM ccg GROUP BY board) USING (board))
      WINDOW w AS (PARTITION BY f ORDER BY rest DESC, code));
