-- How far registrations come, by day, project and mail domain. The rows that are counted are deleted after some days.
alter table registrations add column opened_at integer;
create table registration_counts (
    day integer not null,
    organisation_id text not null references organisations (id) on delete cascade,
    project text not null,
    domain text not null,
    step text not null,
    count integer not null,
    primary key (organisation_id, day, project, domain, step)
) strict;
create index registration_counts_day on registration_counts (day);
create index registrations_mail on registrations (mail_id) where mail_id is not null;
