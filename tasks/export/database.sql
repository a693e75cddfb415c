-- Views that answer what people ask. Every row names its ledger entries (columns that end in `seq`,
-- and those that docs/exports.md says so of). States are as of the last entry of the ledger.

-- Where does every unit stand?
CREATE VIEW board AS
SELECT u.unit, u.name, u.body_name_zh, u.body_name_en, u.level, u.jurisdiction, u.parent,
  max(CASE WHEN g.stage = 'plan' THEN g.state END) AS plan,
  max(CASE WHEN g.stage = 'plan' THEN g.seq END) AS plan_seq,
  max(CASE WHEN g.stage = 'nomination' THEN g.state END) AS nomination,
  max(CASE WHEN g.stage = 'nomination' THEN g.seq END) AS nomination_seq,
  max(CASE WHEN g.stage = 'vetting' THEN g.state END) AS vetting,
  max(CASE WHEN g.stage = 'vetting' THEN g.seq END) AS vetting_seq,
  max(CASE WHEN g.stage = 'inspection' THEN g.state END) AS inspection,
  max(CASE WHEN g.stage = 'inspection' THEN g.seq END) AS inspection_seq,
  max(CASE WHEN g.stage = 'election' THEN g.state END) AS election,
  max(CASE WHEN g.stage = 'election' THEN g.seq END) AS election_seq
FROM units u JOIN gates g ON g.unit = u.unit
GROUP BY u.unit ORDER BY u.unit;

-- Why is this gate closed? What fails or is missing in the decision that stands.
CREATE VIEW why_closed AS
SELECT g.unit, u.name, u.body_name_zh, u.body_name_en, g.stage, g.stage_name_zh, g.stage_name_en, g.state,
  g.state_name_zh, g.state_name_en, g.held_by, d.day, f."check", f.check_name_zh, f.check_name_en,
  f.subject, f.status, f.status_name_zh, f.status_name_en, f.code, f.reason_zh, f.reason_en,
  f.provider_zh, f.provider_en, d.seq
FROM gates g
JOIN units u ON u.unit = g.unit
JOIN decisions d ON d.seq = g.seq
LEFT JOIN findings f ON f.seq = d.seq AND f.status IN ('fail', 'missing')
WHERE d.outcome <> 'open'
ORDER BY g.unit, d.seq, f.number;

-- Which checks keep most gates closed?
CREATE VIEW closing_checks AS
SELECT stage, "check", check_name_zh, check_name_en, count(DISTINCT unit) AS units,
  count(*) AS findings, sum(status = 'fail') AS failed, sum(status = 'missing') AS missing,
  min(seq) AS first_seq, max(seq) AS last_seq
FROM why_closed WHERE "check" IS NOT NULL
GROUP BY stage, "check" ORDER BY units DESC, "check";

-- Who signed, refused or waived what, and when? Does it count?
CREATE VIEW who_signed AS
SELECT seq, at, 'signed' AS act, officer, organ, organ_name_zh, organ_name_en, jurisdiction, unit,
  stage, stage_name_zh, stage_name_en, NULL AS "check", NULL AS subject, NULL AS until, state,
  state_name_zh, state_name_en, withdrawn_by, reason, evidence, key FROM sign_offs
UNION ALL
SELECT seq, at, 'refused', officer, organ, organ_name_zh, organ_name_en, jurisdiction, unit,
  stage, stage_name_zh, stage_name_en, NULL, NULL, NULL, state,
  state_name_zh, state_name_en, withdrawn_by, reason, evidence, key FROM refusals
UNION ALL
SELECT seq, at, 'waived', officer, organ, organ_name_zh, organ_name_en, jurisdiction, unit,
  stage, stage_name_zh, stage_name_en, "check", subject, until, state,
  state_name_zh, state_name_en, withdrawn_by, reason, evidence, key FROM waivers
ORDER BY seq;

-- Which gates stood open and were closed again, why, and were they opened once more?
CREATE VIEW closed_again AS
SELECT c.unit, u.name, u.body_name_zh, u.body_name_en, c.stage, c.stage_name_zh, c.stage_name_en,
  o.at AS opened_at, o.seq AS opened_seq, c.at AS closed_at, c.seq AS closed_seq, c.causes,
  c.causes_name_zh, c.causes_name_en,
  (SELECT min(n.seq) FROM decisions n
    WHERE n.unit = c.unit AND n.stage = c.stage AND n.seq > c.seq AND n.outcome = 'open')
    AS opened_again_seq,
  (SELECT group_concat(h.seq, ', ') FROM hand_offs h WHERE h.decision = o.seq) AS handed_on_seq,
  g.state AS state_now, g.state_name_zh AS state_now_zh, g.state_name_en AS state_now_en
FROM decisions c
JOIN decisions o ON o.seq = c.reopened_of
JOIN units u ON u.unit = c.unit
JOIN gates g ON g.unit = c.unit AND g.stage = c.stage
ORDER BY c.seq;

-- Which waivers are in force, and which have ended?
CREATE VIEW waivers_now AS
SELECT w.unit, u.name, u.body_name_zh, u.body_name_en, w.stage, w.stage_name_zh, w.stage_name_en, w."check",
  w.check_name_zh, w.check_name_en, w.subject, w.until, w.state, w.state_name_zh, w.state_name_en,
  w.officer, w.organ_name_zh, w.organ_name_en, w.reason,
  (SELECT min(a.seq) FROM decision_acts a WHERE a.act = w.seq AND a.part = 'waiver')
    AS first_used_seq,
  w.withdrawn_by, w.seq
FROM waivers w JOIN units u ON u.unit = w.unit
ORDER BY w.state <> 'counts', w.until, w.seq;

-- What did an officer do? (filter by officer)
CREATE VIEW officer_acts AS
SELECT i.officer, o.organ, o.organ_name_zh, o.organ_name_en, o.jurisdiction, i.role,
  i.role_name_zh, i.role_name_en, e.at, e.kind, e.kind_name_zh, e.kind_name_en, e.unit, e.stage,
  e.what_zh, e.what_en, e.seq
FROM involved i
JOIN entries e ON e.seq = i.seq
JOIN officers o ON o.officer = i.officer
ORDER BY i.officer, e.seq;

-- Which hand-offs were made on decisions that no longer stand, or that an earlier gate holds?
CREATE VIEW hand_offs_unfounded AS
SELECT h.unit, u.name, u.body_name_zh, u.body_name_en, h.stage, h.stage_name_zh, h.stage_name_en,
  h.at AS handed_on_at, h.seq AS handed_on_seq, h.decision AS decision_seq, n.at AS ended_at,
  h.ended_by AS ended_by_seq, n.outcome AS ended_outcome, n.causes, n.causes_name_zh,
  n.causes_name_en, h.again AS handed_on_again_seq, g.state AS state_now, g.held_by,
  g.state_name_zh AS state_now_zh, g.state_name_en AS state_now_en
FROM hand_offs h
JOIN units u ON u.unit = h.unit
JOIN gates g ON g.unit = h.unit AND g.stage = h.stage
LEFT JOIN decisions n ON n.seq = h.ended_by
WHERE h.ended_by IS NOT NULL OR g.state <> 'open'
ORDER BY h.seq;

-- What was tried and refused, by code?
CREATE VIEW attempts_by_code AS
SELECT code, reason_zh, reason_en, act, act_name_zh, act_name_en, count(*) AS attempts,
  count(DISTINCT officer) AS officers, min(seq) AS first_seq, max(seq) AS last_seq,
  min(at) AS first_at, max(at) AS last_at
FROM attempts GROUP BY code, act ORDER BY attempts DESC, code, act;

-- How did a gate go? (filter by unit and stage)
CREATE VIEW gate_history AS
SELECT e.unit, e.stage, e.at, e.kind, e.kind_name_zh, e.kind_name_en, e.outcome, e.what_zh,
  e.what_en, e.seq
FROM entries e
WHERE e.unit IS NOT NULL AND e.stage IS NOT NULL
ORDER BY e.unit, e.seq;
