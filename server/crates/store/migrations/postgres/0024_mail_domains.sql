-- What the name system said about the domain of an address that is to be confirmed, and the domains that may be meant, with spaces
-- between; both empty where nothing is suggested.
alter table registrations add column domain_answer text;
alter table registrations add column suggestions text;
