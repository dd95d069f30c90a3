// Package mfa decides who is logged in: passwords, TOTP codes, backup codes and
// the emergency code of the sealed sheet, enrolment by one-time grants, the
// throttle before every check, sessions and what they may do, step-up, and who
// holds the desk. For the APIs and commands of chipproof and chipproof-office.
//
// Every decision is a method of [Service]. A caller brings what a person typed
// (wrapped by [Hide]) and the value of the session cookie ([TokenFrom]), and gets
// a [Session], an [Entry] with a new token, or one of the errors of this package.
// A session's level is computed from the factors given in it each time it is
// looked at; nothing here is remembered outside of the [Store].
//
// It knows no HTTP, cookies, pages or SQL, and sends nothing anywhere: there is
// no e-mail, no message to a phone. Rows stand in a [Store], and with each act
// an [Event] goes into the audit log in the same transaction.
//
// The rules and their sources stand in the project's page "mfa", which comments
// cite by section.
package mfa
