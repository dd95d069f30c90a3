package main

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/alecthomas/kong"
)

// cli is every flag of every command. The struct is the one place where a setting
// is named, explained and given its default: flags, the variables CHIPPROOF_… and
// the configuration file are all made from it.
type cli struct {
	Config    string `help:"Configuration file (YAML). Without it the first of these that exists is read: ${config_paths}." placeholder:"FILE"`
	Lang      string `help:"Language of messages: th or en. Without it LC_ALL, LC_MESSAGES or LANG decides; if they name neither, both are printed." enum:",th,en" default:"" placeholder:"th|en"`
	LogLevel  string `help:"What is logged to stderr: debug, info, warn or error. Without it: info for serve and sim, warn for the others. Personal data is never logged." enum:",debug,info,warn,error" default:"" placeholder:"LEVEL"`
	LogFormat string `help:"Form of the log: ${enum}." enum:"text,json" default:"text"`

	Read    readCmd    `cmd:"" help:"Read the card and print who it names. Waits for a card."`
	Readers readersCmd `cmd:"" help:"List the card readers and what they hold."`
	Doctor  doctorCmd  `cmd:"" help:"Say what is wrong with this machine and what to do about it."`
	Serve   serveCmd   `cmd:"" help:"Run the agent that web apps on this machine ask."`
	Sim     simCmd     `cmd:"" help:"Simulated cards and readers, to develop and test against."`

	Setup   setupCmd   `cmd:"" help:"Make the data folder: database, keys, and the first administrator."`
	User    userCmd    `cmd:"" help:"Accounts of the people who log in."`
	Origin  originCmd  `cmd:"" help:"Web origins that may ask."`
	Approve approveCmd `cmd:"" help:"Answer requests that wait for the word of whoever holds the desk."`
	Keys    keysCmd    `cmd:"" help:"Keys of the data folder."`
	Proof   proofCmd   `cmd:"" help:"Proofs that agents have signed."`
	Audit   auditCmd   `cmd:"" help:"The audit log: check, list, print, export, erase."`
	Backup  backupCmd  `cmd:"" help:"Write one encrypted file, enough to go on with on another machine."`
	Restore restoreCmd `cmd:"" help:"Put a backup in place."`

	ClientJS clientJSCmd `cmd:"" name:"client-js" help:"Print chipproof.js, the module for web pages."`

	Version versionCmd `cmd:"" help:"Print which chipproof this is."`
}

const description = `Reads the chip of the Thai national ID card, and says honestly how far that goes.

Exit codes: 0 yes; 1 answered, and the answer is no; 2 could not answer (stdout is empty, stderr has a code and a remedy).

Every flag --some-flag can also be set by the variable CHIPPROOF_SOME_FLAG, and by "some-flag: value" in the configuration file: at the top for every command that has the flag, or under the command's name ("serve:", "sim: card:") for that command alone. A flag beats the variable, the variable beats the file.`

// usageError is a command line or a setting that can't be meant.
type usageError struct {
	err  error
	help string // the command that explains it
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// parse fills c from arguments, environment and configuration file, and gives
// the command to run; none and no error when help was asked for and printed.
// Errors are [usageError].
func parse(c *cli, args []string, std streams) (command, error) {
	helped := false
	parser, err := kong.New(c,
		kong.Name("chipproof"),
		kong.Description(description),
		kong.DefaultEnvars("CHIPPROOF"),
		kong.Vars(helpVars()),
		kong.Writers(std.out, std.err),
		kong.Exit(func(int) { helped = true }), // kong exits after printing help only
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return nil, fmt.Errorf("build flags: %w", err)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil, nil
	}
	if err != nil {
		return nil, &usageError{err: withoutWrapping(err), help: helpFor(err)}
	}
	cmd, ok := reflect.TypeAssert[command](parsed.Selected().Target.Addr())
	if !ok {
		return nil, fmt.Errorf("run %s: no command", parsed.Command())
	}
	return cmd, nil
}

// BeforeResolve reads the configuration file, once its name is known from flag
// or environment and before any default is settled.
func (c *cli) BeforeResolve(kctx *kong.Context) error {
	var named string
	for _, flag := range kctx.Model.Flags {
		if flag.Name == "config" {
			named, _ = kctx.FlagValue(flag).(string)
		}
	}
	settings, err := loadConfig(named, configPaths(), kctx.Model)
	if err != nil {
		return err
	}
	kctx.AddResolver(settings)
	return nil
}

// withoutWrapping takes kong's own type off an error, for its words are the cause's.
func withoutWrapping(err error) error {
	if parse, ok := errors.AsType[*kong.ParseError](err); ok {
		return parse.Unwrap()
	}
	return err
}

// helpFor is the command that explains what was wrong.
func helpFor(err error) string {
	parse, ok := errors.AsType[*kong.ParseError](err)
	if !ok || parse.Context == nil || parse.Context.Selected() == nil {
		return "chipproof --help"
	}
	return parse.Context.Selected().FullPath() + " --help"
}
