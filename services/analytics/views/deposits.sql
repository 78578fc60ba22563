-- Deposits asked for and paid, and how long it took, by the week of the booking.
-- business_id varchar: whose jobs
-- week date: the Monday of the week they were booked in
-- asked bigint: jobs with a deposit due
-- paid bigint: of these, paid and not given back
-- paid_rate double: paid / asked
-- asked_cents bigint: US cents
-- paid_cents bigint: US cents
-- p50_minutes bigint: half of the paid ones were paid within this many minutes of the booking
-- p90_minutes bigint: nine in ten were
with asked as (
  select
    j.business_id as business_id,
    j.week as week,
    j.job_id as job_id,
    j.deposit_cents as deposit_cents,
    j.deposit_paid as paid,
    case when j.deposit_paid then cast(floor(
      (to_unixtime(p.received_at) - to_unixtime(j.created_at)) / 60) as bigint) end as minutes
  from jobs j
  left join payments p on p.payment_id = j.payment_id
  where j.deposit_cents > 0
),
ranked as (
  select
    business_id,
    week,
    deposit_cents,
    paid,
    minutes,
    row_number() over (partition by business_id, week order by minutes nulls last, job_id) as place,
    count(minutes) over (partition by business_id, week) as known
  from asked
)
select
  business_id,
  week,
  count(*) as asked,
  count(*) filter (where paid) as paid,
  cast(count(*) filter (where paid) as double) / count(*) as paid_rate,
  cast(sum(deposit_cents) as bigint) as asked_cents,
  cast(coalesce(sum(case when paid then deposit_cents end), 0) as bigint) as paid_cents,
  min(case when place * 100 >= 50 * known then minutes end) as p50_minutes,
  min(case when place * 100 >= 90 * known then minutes end) as p90_minutes
from ranked
group by business_id, week
