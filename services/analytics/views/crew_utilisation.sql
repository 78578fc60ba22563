-- Hours a crew is held by jobs, over the hours it works; days without a job count too.
-- business_id varchar: whose crew
-- crew varchar: the crew's name
-- day date: local day of the windows
-- open_hours double: its own hours that day, else the opening hours; 0 when off or closed
-- held_hours double: of these, held by jobs that stand or are done
-- after_hours double: held outside of them
-- utilisation double: held_hours / open_hours; null when off or closed
with spans as (
  select business_id, min(day) as first_day, max(day) as last_day
  from (
    select business_id, day from calls
    union all
    select business_id, window_day as day from jobs where status in ('scheduled', 'completed')
  ) seen
  group by business_id
),
days as (
  select s.business_id as business_id, cast(t.day as date) as day
  from spans s
  cross join unnest(sequence(s.first_day, s.last_day, interval '1' day)) as t (day)
),
works as (
  select
    d.business_id as business_id,
    k.crew as crew,
    d.day as day,
    case when f.day is not null then null when k.own_hours then o.opens_minute
      when c.day is null then h.opens_minute end as opens,
    case when f.day is not null then null when k.own_hours then o.closes_minute
      when c.day is null then h.closes_minute end as closes
  from days d
  join business_crews k on k.business_id = d.business_id
  left join business_hours h on h.business_id = d.business_id and h.weekday = day_of_week(d.day)
  left join business_holidays c on c.business_id = d.business_id and c.day = d.day
  left join business_crew_hours o on o.business_id = k.business_id and o.crew = k.crew
    and o.weekday = day_of_week(d.day)
  left join business_crew_days_off f on f.business_id = k.business_id and f.crew = k.crew
    and f.day = d.day
),
held as (
  select
    w.business_id as business_id,
    w.crew as crew,
    w.day as day,
    w.closes - w.opens as open_minutes,
    coalesce(60 * j.held_hours, 0) as minutes,
    case when w.opens is null or j.window_minute is null then 0 else greatest(0,
      least(j.window_minute + 60 * j.held_hours, w.closes) - greatest(j.window_minute, w.opens))
    end as inside
  from works w
  left join jobs j on j.business_id = w.business_id and j.crew = w.crew
    and j.window_day = w.day and j.status in ('scheduled', 'completed')
)
select
  business_id,
  crew,
  day,
  cast(coalesce(max(open_minutes), 0) as double) / 60 as open_hours,
  cast(sum(inside) as double) / 60 as held_hours,
  cast(sum(minutes) - sum(inside) as double) / 60 as after_hours,
  cast(sum(inside) as double) / nullif(max(open_minutes), 0) as utilisation
from held
group by business_id, crew, day
