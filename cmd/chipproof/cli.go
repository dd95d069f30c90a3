package main

import "chipproof/cmd/internal/program"

// cli is every flag of every command. The struct is the one place where a setting
// is named, explained and given its default: flags, the variables CHIPPROOF_… and
// the configuration file are all made from it.
type cli struct {
	program.Globals

	Read    readCmd    `cmd:"" help:"Read the card and print who it names. Waits for a card."`
	Readers readersCmd `cmd:"" help:"List the card readers and what they hold."`
	Doctor  doctorCmd  `cmd:"" help:"Say what is wrong with this machine and what to do about it."`
	Serve   serveCmd   `cmd:"" help:"Run the agent that web apps on this machine ask."`
	Sim     simCmd     `cmd:"" help:"Simulated cards and readers, to develop and test against."`

	Setup   program.SetupCmd   `cmd:"" help:"Make the data folder: database, keys, and the first administrator."`
	User    program.UserCmd    `cmd:"" help:"Accounts of the people who log in."`
	Origin  originCmd          `cmd:"" help:"Web origins that may ask."`
	Approve approveCmd         `cmd:"" help:"Answer requests that wait for the word of whoever holds the desk."`
	Keys    keysCmd            `cmd:"" help:"Keys of the data folder."`
	Proof   proofCmd           `cmd:"" help:"Proofs that agents have signed."`
	Audit   auditCmd           `cmd:"" help:"The audit log: check, list, print, export, erase."`
	Backup  program.BackupCmd  `cmd:"" help:"Write one encrypted file, enough to go on with on another machine."`
	Restore program.RestoreCmd `cmd:"" help:"Put a backup in place."`

	ClientJS clientJSCmd `cmd:"" name:"client-js" help:"Print chipproof.js, the module for web pages."`

	Version program.VersionCmd `cmd:"" help:"Print which chipproof this is."`
}

const description = `Reads the chip of the Thai national ID card, and says honestly how far that goes.

Exit codes: 0 yes; 1 answered, and the answer is no; 2 could not answer (stdout is empty, stderr has a code and a remedy).

Every flag --some-flag can also be set by the variable CHIPPROOF_SOME_FLAG, and by "some-flag: value" in the configuration file: at the top for every command that has the flag, or under the command's name ("serve:", "sim: card:") for that command alone. A flag beats the variable, the variable beats the file.`
