-- How many callers left at each stage of the call before anything came of it.
-- business_id varchar: the business that was called
-- week date: the Monday of the week
-- step bigint: the stage's place, from 1
-- stage varchar: answered, disclosed, qualified, quoted, offered or booked
-- reached bigint: ended calls that came this far
-- left_here bigint: of these, the caller hung up or fell silent here, with nothing come of it
-- rate double: left_here / reached
with stages as (
  select step, stage
  from (values
    (1, 'answered'), (2, 'disclosed'), (3, 'qualified'), (4, 'quoted'), (5, 'offered'), (6, 'booked')
  ) as t (step, stage)
),
ended as (
  select c.business_id as business_id, c.week as week, s.step as step, c.hung_up as hung_up
  from calls c
  join stages s on s.stage = c.stage
  where c.outcome is not null
)
select
  e.business_id as business_id,
  e.week as week,
  cast(s.step as bigint) as step,
  s.stage as stage,
  count(*) as reached,
  count(*) filter (where e.step = s.step and e.hung_up) as left_here,
  cast(count(*) filter (where e.step = s.step and e.hung_up) as double) / count(*) as rate
from ended e
join stages s on s.step <= e.step
group by e.business_id, e.week, s.step, s.stage
