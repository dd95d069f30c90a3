package main

import "chipproof/cmd/internal/program"

// cli is every flag of every command. The struct is the one place where a setting
// is named, explained and given its default: flags, the variables
// CHIPPROOF_OFFICE_… and the configuration file are all made from it.
type cli struct {
	program.Globals

	Serve   serveCmd   `cmd:"" help:"Run the office's console on this machine."`
	Scan    scanCmd    `cmd:"" help:"Find personal data in folders, web sites and APIs."`
	Finding findingCmd `cmd:"" help:"What scans found: list, tasks, imports, systems."`

	Breach  breachCmd          `cmd:"" help:"Incidents with personal data: the five steps, their clocks and documents."`
	Setup   program.SetupCmd   `cmd:"" help:"Make the data folder: database, keys, and the first administrator."`
	User    program.UserCmd    `cmd:"" help:"Accounts of the people who log in."`
	Audit   auditCmd           `cmd:"" help:"The audit log: check, list, print, export, erase."`
	Backup  program.BackupCmd  `cmd:"" help:"Write one encrypted file, enough to go on with on another machine."`
	Restore program.RestoreCmd `cmd:"" help:"Put a backup in place."`

	Version program.VersionCmd `cmd:"" help:"Print the version."`
}

// auditCmd groups what is done with the audit log.
type auditCmd struct {
	program.AuditCmd

	List program.AuditListCmd `cmd:"" help:"List entries, newest first."`
}

const description = `Finds personal data that an agency exposes, and keeps the steps that the law demands when some of it leaked.

Exit codes: 0 yes, clean; 1 answered, and the answer is no, overdue or found; 2 could not answer (stdout is empty, stderr has a code and a remedy).

Every flag --some-flag can also be set by the variable CHIPPROOF_OFFICE_SOME_FLAG, and by "some-flag: value" in the configuration file: at the top for every command that has the flag, or under the command's name ("serve:", "user: add:") for that command alone. A flag beats the variable, the variable beats the file.`
