-- One row for each caller who booked, by business and phone.
-- business_id varchar: the business
-- phone varchar: E.164 (personal data)
-- name varchar: as last given (personal data)
-- email varchar: null when not given (personal data)
-- address varchar: as last understood (personal data)
-- created_at timestamp: UTC; the first booking
-- updated_at timestamp: UTC; the last
-- jobs bigint: how many bookings there were, whatever became of them
with booked as (
  select business_id, phone, count(*) as jobs
  from jobs
  group by business_id, phone
)
select
  e.item.business_id.s as business_id,
  e.item.phone.s as phone,
  e.item.name.s as name,
  e.item.email.s as email,
  e.item.address.s as address,
  cast(at_timezone(from_iso8601_timestamp(e.item.created_at.s), 'UTC') as timestamp(3)) as created_at,
  cast(at_timezone(from_iso8601_timestamp(e.item.updated_at.s), 'UTC') as timestamp(3)) as updated_at,
  coalesce(cast(b.jobs as bigint), 0) as jobs
from exported_customers e
left join booked b on b.business_id = e.item.business_id.s and b.phone = e.item.phone.s
where e.snapshot_date = 'current'
  and e.item.sk.s = 'META'
  and not coalesce(e.item.synthetic."bool", false)
