// Package program is what chipproof and chipproof-office do the same way: command
// lines and settings, languages, exit codes and complaints, the data folder with
// its keys and the checks of the ground that it stands on, the accounts, the audit
// log, backup and restore, and the loop that serves until it is told to end. It is
// for the two folders of cmd and for nobody else.
//
// It knows neither a card nor a scan: what a program does besides stands in its
// [Kind] and in commands of its own, beside those of this package.
//
//	type cli struct {
//		Globals program.Globals  `embed:""`
//		Setup   program.SetupCmd `cmd:"" help:"Make the data folder."`
//	}
//
//	os.Exit(program.Run(ctx, office(), &cli{}, os.Args[1:], program.Terminal()))
//
// Texts that both share say ${program} where they name it; [Kind.Named] fills that.
package program
