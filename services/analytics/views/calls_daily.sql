-- Calls by local day and outcome.
-- business_id varchar: the business that was called
-- day date: local day the call began
-- outcome varchar: what came of it; "unfinished" while the call has no end
-- calls bigint: how many
-- open_calls bigint: of these, while the office was open
-- costed bigint: of these, those of which is known what the model cost
-- model_cost_cents bigint: what it cost for them, all together, US cents
select
  business_id,
  day,
  coalesce(outcome, 'unfinished') as outcome,
  count(*) as calls,
  count(*) filter (where business_hours) as open_calls,
  count(model_cost_cents) as costed,
  cast(coalesce(sum(model_cost_cents), 0) as bigint) as model_cost_cents
from calls
group by business_id, day, coalesce(outcome, 'unfinished')
