-- One row for each booking, whatever became of it. Days and minutes are local to the business.
-- job_id varchar: our id
-- business_id varchar: whose job
-- call_sid varchar: the call it was booked in
-- customer_name varchar: as given (personal data)
-- phone varchar: E.164 (personal data)
-- address varchar: as understood (personal data)
-- email varchar: null when not given (personal data)
-- service_type varchar: the line of the rate card
-- description varchar: the problem, in the caller's words (personal data)
-- crew varchar: who comes
-- held_hours bigint: for how long the crew is held, from the window's start on
-- after_hours boolean: the window is outside opening hours, so the after-hours rate holds
-- is_emergency boolean: the caller could not wait for a regular window
-- priority varchar: p0 (life safety) to p4 (maintenance)
-- estimate_cents bigint: the price the caller agreed to, US cents; 0 where the office confirms it
-- visit_fee_cents bigint: the visit alone, credited to the estimate
-- deposit_cents bigint: what was asked in advance; 0 where none is due
-- deposit_paid boolean: it is here, and was not given back
-- covered varchar: member, warranty or recent visit, as the caller said: nothing was quoted; or null
-- payment_id varchar: the payment that paid it
-- texts_ok_at timestamp: UTC; when its customer said yes to texts, null where they did not
-- reminded_at timestamp: UTC; when they were reminded of its unpaid deposit, null where never
-- visit_reminded_at timestamp: UTC; when they were last reminded of the visit, null where never
-- changes bigint: how often it was moved or put right, by whomever
-- status varchar: scheduled, completed, cancelled or released
-- final_cents bigint: the whole bill of a completed visit, US cents; else null
-- visit_credited_cents bigint: of it, the visit's fee
-- deposit_credited_cents bigint: of it, paid in advance
-- created_at timestamp: UTC; when it was booked
-- closed_at timestamp: UTC; when it was completed, cancelled or released
-- day date: local day it was booked
-- week date: the Monday of that day's week
-- window_start timestamp: UTC; the crew arrives from here
-- window_end timestamp: UTC; to here
-- window_day date: local day of the window
-- window_minute bigint: its start, in minutes after local midnight
-- window_minutes bigint: its length
with exported as (
  select
    e.item as item,
    coalesce(e.item.time_zone.s, 'UTC') as zone,
    from_iso8601_timestamp(e.item.created_at.s) as created,
    from_iso8601_timestamp(e.item."window".m."start".s) as opens,
    from_iso8601_timestamp(e.item."window".m."end".s) as closes
  from exported_jobs e
  where e.snapshot_date = 'current'
    and e.item.sk.s = 'META'
    and not coalesce(e.item.synthetic."bool", false)
)
select
  x.item.job_id.s as job_id,
  x.item.business_id.s as business_id,
  x.item.call_sid.s as call_sid,
  x.item.customer_name.s as customer_name,
  x.item.phone.m.normalised.s as phone,
  x.item.address.m.normalised.s as address,
  x.item.email.s as email,
  x.item.service_type.s as service_type,
  x.item.description.s as description,
  x.item.crew.s as crew,
  coalesce(cast(x.item.hours.n as bigint), 2) as held_hours,
  x.item.after_hours."bool" as after_hours,
  x.item.is_emergency."bool" as is_emergency,
  x.item.priority.s as priority,
  cast(x.item.estimate.n as bigint) as estimate_cents,
  cast(x.item.visit_fee.n as bigint) as visit_fee_cents,
  cast(x.item.deposit.n as bigint) as deposit_cents,
  coalesce(x.item.deposit_paid."bool", false) as deposit_paid,
  x.item.covered.s as covered,
  x.item.payment_id.s as payment_id,
  cast(at_timezone(from_iso8601_timestamp(x.item.consent.m."at".s), 'UTC') as timestamp(3)) as texts_ok_at,
  cast(at_timezone(from_iso8601_timestamp(x.item.reminded_at.s), 'UTC') as timestamp(3)) as reminded_at,
  cast(at_timezone(from_iso8601_timestamp(x.item.visit_reminded_at.s), 'UTC') as timestamp(3)) as visit_reminded_at,
  coalesce(cast(x.item.version.n as bigint), 0) as changes,
  coalesce(x.item.status.s, 'scheduled') as status,
  cast(x.item.books.m.final.n as bigint) as final_cents,
  cast(x.item.books.m.visit_credited.n as bigint) as visit_credited_cents,
  cast(x.item.books.m.deposit_credited.n as bigint) as deposit_credited_cents,
  cast(at_timezone(x.created, 'UTC') as timestamp(3)) as created_at,
  cast(at_timezone(from_iso8601_timestamp(x.item.closed_at.s), 'UTC') as timestamp(3)) as closed_at,
  cast(at_timezone(x.created, x.zone) as date) as day,
  cast(date_trunc('week', cast(at_timezone(x.created, x.zone) as date)) as date) as week,
  cast(at_timezone(x.opens, 'UTC') as timestamp(3)) as window_start,
  cast(at_timezone(x.closes, 'UTC') as timestamp(3)) as window_end,
  cast(at_timezone(x.opens, x.zone) as date) as window_day,
  cast(hour(at_timezone(x.opens, x.zone)) * 60 + minute(at_timezone(x.opens, x.zone)) as bigint) as window_minute,
  cast(round((to_unixtime(x.closes) - to_unixtime(x.opens)) / 60) as bigint) as window_minutes
from exported x
