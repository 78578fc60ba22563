-- One row for each payment that named a job of ours, whatever became of it.
-- payment_id varchar: the processor's payment intent, else its session
-- job_id varchar: the job it names
-- business_id varchar: whose job
-- amount_cents bigint: US cents
-- refunded_cents bigint: of the amount, given back so far
-- lost_cents bigint: of the amount, taken for good by disputes
-- kept_cents bigint: what is still here; 0 while pending, and when it failed
-- currency varchar: usd
-- status varchar: pending, paid, failed, refunded, disputed, lost or needs_refund
-- reason varchar: why it must go back, and what disputes and failed refunds say
-- received_at timestamp: UTC; when the processor first told of it
-- day date: local day of that
-- week date: the Monday of that day's week
with synthetic as (
  select j.item.job_id.s as job_id
  from exported_jobs j
  where j.snapshot_date = 'current' and j.item.sk.s = 'META' and j.item.synthetic."bool"
),
received as (
  select e.item as item, from_iso8601_timestamp(e.item."at".s) as told
  from exported_payments e
  where e.snapshot_date = 'current' and e.item.sk.s = 'META'
)
select
  x.item.payment_id.s as payment_id,
  x.item.job_id.s as job_id,
  x.item.business_id.s as business_id,
  cast(x.item.amount.n as bigint) as amount_cents,
  coalesce(cast(x.item.refunded.n as bigint), 0) as refunded_cents,
  coalesce(cast(x.item.lost.n as bigint), 0) as lost_cents,
  case
    when x.item.status.s in ('pending', 'failed') then 0
    else greatest(0, cast(x.item.amount.n as bigint)
      - coalesce(cast(x.item.refunded.n as bigint), 0) - coalesce(cast(x.item.lost.n as bigint), 0))
  end as kept_cents,
  x.item.currency.s as currency,
  x.item.status.s as status,
  x.item.reason.s as reason,
  cast(at_timezone(x.told, 'UTC') as timestamp(3)) as received_at,
  cast(at_timezone(x.told, coalesce(b.time_zone, 'UTC')) as date) as day,
  cast(date_trunc('week', cast(at_timezone(x.told, coalesce(b.time_zone, 'UTC')) as date)) as date) as week
from received x
left join businesses b on b.business_id = x.item.business_id.s
left join synthetic s on s.job_id = x.item.job_id.s
where s.job_id is null
  -- A refund or an inquiry told before its payment, or of a payment that is none of ours.
  and not (x.item.job_id.s = 'unknown' and x.item.status.s = 'pending')
