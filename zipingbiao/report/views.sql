-- What auditors ask first. A difference below a millionth is the dust of binary numbers.
CREATE VIEW v_mismatch AS
SELECT
  form_id,
  source,
  project_name,
  implementing_unit,
  department,
  fiscal_year,
  total_score_reported,
  total_score_summed,
  total_score_recomputed,
  ROUND(total_score_reported - total_score_summed, 6) AS reported_less_summed,
  ROUND(total_score_reported - total_score_recomputed, 6) AS reported_less_recomputed,
  grade_reported,
  grade_computed
FROM v_forms
WHERE ROUND(total_score_reported - total_score_summed, 6) <> 0
   OR ROUND(total_score_reported - total_score_recomputed, 6) <> 0
ORDER BY ABS(total_score_reported - total_score_summed) DESC, form_id;

-- A unit and its forms. The lines of a form's funds that are part of its total are not added to it again, nor are the
-- amounts of a form that is there once more, nor those of a department beside those of its projects.
CREATE VIEW v_unit_summary AS
WITH once AS (
  SELECT
    form_id,
    kind IS 'department' AS of_department,
    MAX(kind IS NOT 'department') OVER (PARTITION BY COALESCE(implementing_unit, department), department) AS has_projects
  FROM v_forms
  WHERE form_id NOT IN (SELECT form_id FROM findings WHERE form_id IS NOT NULL AND code IN ('CROSS01', 'CROSS06'))
), total AS (
  SELECT
    form_id,
    SUM(COALESCE(budget_adjusted_wan, budget_initial_wan)) AS budget_wan,
    SUM(executed_wan) AS executed_wan
  FROM v_funds JOIN once USING (form_id)
  WHERE item = 'total' AND NOT (of_department AND has_projects)
  GROUP BY form_id
)
SELECT
  COALESCE(implementing_unit, department) AS unit,
  department,
  COUNT(*) AS forms,
  SUM(errors) AS errors,
  SUM(warnings) AS warnings,
  SUM(notes) AS notes,
  ROUND(SUM(budget_wan), 6) AS budget_wan,
  ROUND(SUM(executed_wan), 6) AS executed_wan,
  ROUND(SUM(executed_wan) FILTER (WHERE budget_wan IS NOT NULL)
    / NULLIF(SUM(budget_wan) FILTER (WHERE executed_wan IS NOT NULL), 0), 4) AS execution_rate,
  ROUND(AVG(total_score_reported), 2) AS average_reported,
  ROUND(AVG(total_score_recomputed), 2) AS average_recomputed,
  SUM(form_id IN (SELECT form_id FROM v_mismatch)) AS totals_that_differ
FROM v_forms LEFT JOIN total USING (form_id)
GROUP BY COALESCE(implementing_unit, department), department
ORDER BY errors DESC, warnings DESC, unit;
