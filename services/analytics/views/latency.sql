-- How long callers waited for the agent, and the agent for each tool. Nearest rank, milliseconds.
-- week date: the Monday of the week
-- what varchar: "answer" (the caller's last word to the agent's first sound) or the tool's name
-- samples bigint: how many
-- p50_ms bigint: half were at most this
-- p90_ms bigint: nine in ten were
-- p95_ms bigint: 95 in a hundred were
-- p99_ms bigint: 99 in a hundred were
-- slowest_ms bigint: all were
with waits as (
  select week, 'answer' as what, latency_ms as ms
  from agent_turns
  where role = 'assistant' and latency_ms is not null
  union all
  select week, tool as what, took_ms as ms
  from agent_turns
  where tool is not null and took_ms is not null
),
ranked as (
  select
    week,
    what,
    ms,
    row_number() over (partition by week, what order by ms) as place,
    count(*) over (partition by week, what) as samples
  from waits
)
select
  week,
  what,
  count(*) as samples,
  min(case when place * 100 >= 50 * samples then ms end) as p50_ms,
  min(case when place * 100 >= 90 * samples then ms end) as p90_ms,
  min(case when place * 100 >= 95 * samples then ms end) as p95_ms,
  min(case when place * 100 >= 99 * samples then ms end) as p99_ms,
  max(ms) as slowest_ms
from ranked
group by week, what
