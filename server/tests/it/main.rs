//! The server as its visitors meet it: the real router and accept loop behind a real socket, a
//! real database, and a browser without JavaScript.
//!
//! Each module is a flow and each function a test of it. A test gets a running [`TestServer`] and
//! runs twice, on SQLite and on PostgreSQL; `support` holds what tests share. The clock stands still
//! until a test moves it. At the end every mail must have been read: an unexpected mail fails the test.
//!
//! A name that starts with an id proves a promise. Where a test guards against an attack, a
//! comment names the breakage in the product that it was seen to fail on ("Red when …").
//!
//! [`TestServer`]: support::TestServer
#![expect(clippy::unwrap_used, reason = "in a test a surprise is a failure")]
#![expect(
    clippy::disallowed_methods,
    reason = "a developer chooses walks by variables"
)]

mod support;

mod activity;
mod activity_page;
mod addresses;
mod at_rest;
mod audit;
mod bounces;
mod cases_addresses;
mod cases_codes;
mod cases_input;
mod cases_recovery;
mod cases_rights;
mod code_guesses;
mod codes;

mod details;
mod devices;
mod disabling;
mod domain_health;
mod drafts;
mod drafts_left;
mod email;
mod email_left;
mod email_link;
mod email_undo;
mod email_undo_thief;
mod enrolment;
mod enrolment_guards;
mod equal_answers;
mod faults;
mod flash;
mod forgotten;
mod forms;
mod french_mails;
mod guesses;
mod headers;
mod invitation;
mod kept;
mod language;
mod leaks;
mod leaving;
mod lifetimes;
mod limits;
mod machines;
mod mail_domains;
mod mail_server;
mod networks;
mod new_phone;
mod not_me;
mod operators;
mod overload;
mod own_data;
mod own_data_erased;
mod own_data_taking;
mod own_password;
mod own_sessions;
mod participants;
mod participation;
mod passwords;
mod permissions;
mod played;
mod project_access;
mod projects;
mod proof_counts;
mod proofs;
mod providers;
mod recovery_codes;
mod refusals_log;
mod registration;
mod registration_strangers;
mod remembered;
mod reset_links;
mod reset_mails;
mod retention;
mod sessions;
mod settings;
mod short_passwords;
mod sign_in;
mod simulation;
mod staying;
mod steps;
mod stopping;
mod token_matrix;
mod upgrade;
mod votes;
mod walk;
mod ways;
