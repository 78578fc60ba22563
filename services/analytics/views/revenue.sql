-- What was booked and what came in, by week.
-- business_id varchar: the business; "unknown" for money that names no job of ours
-- week date: the Monday: of the booking for jobs, of the payment for money
-- jobs bigint: booked that week that stand or are done
-- booked_cents bigint: their estimates, US cents
-- completed_cents bigint: the bills of those that are done
-- lost_cents bigint: estimates of jobs booked that week and since cancelled or released
-- deposits_cents bigint: received that week for a deposit and still here
-- owed_back_cents bigint: received that week, still here, and not owed by any job
-- refunded_cents bigint: of the week's payments, given back so far
with entries as (
  select
    business_id,
    week,
    case when status in ('scheduled', 'completed') then 1 else 0 end as jobs,
    case when status in ('scheduled', 'completed') then estimate_cents else 0 end as booked_cents,
    coalesce(final_cents, 0) as completed_cents,
    case when status in ('scheduled', 'completed') then 0 else estimate_cents end as lost_cents,
    0 as deposits_cents,
    0 as owed_back_cents,
    0 as refunded_cents
  from jobs
  union all
  select
    business_id,
    week,
    0 as jobs,
    0 as booked_cents,
    0 as completed_cents,
    0 as lost_cents,
    case when status = 'needs_refund' then 0 else kept_cents end as deposits_cents,
    case when status = 'needs_refund' then kept_cents else 0 end as owed_back_cents,
    refunded_cents
  from payments
)
select
  business_id,
  week,
  cast(sum(jobs) as bigint) as jobs,
  cast(sum(booked_cents) as bigint) as booked_cents,
  cast(sum(completed_cents) as bigint) as completed_cents,
  cast(sum(lost_cents) as bigint) as lost_cents,
  cast(sum(deposits_cents) as bigint) as deposits_cents,
  cast(sum(owed_back_cents) as bigint) as owed_back_cents,
  cast(sum(refunded_cents) as bigint) as refunded_cents
from entries
group by business_id, week
