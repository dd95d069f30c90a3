package program

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// Globals are the flags of every command of either program.
type Globals struct {
	Config    string `help:"Configuration file (YAML). Without it the first of these that exists is read: ${config_paths}." placeholder:"FILE"`
	Lang      string `help:"Language of messages: th or en. Without it LC_ALL, LC_MESSAGES or LANG decides; if they name neither, both are printed." enum:",th,en" default:"" placeholder:"th|en"`
	LogLevel  string `help:"What is logged to stderr: debug, info, warn or error. Without it: info for ${services}, warn for the others. Personal data is never logged." enum:",debug,info,warn,error" default:"" placeholder:"LEVEL"`
	LogFormat string `help:"Form of the log: ${enum}." enum:"text,json" default:"text"`
}

// Grammar is a pointer to the struct with every flag and command of a program,
// [Globals] embedded in it: the one place where a setting is named, explained and
// given its default.
type Grammar interface{ shared() *Globals }

func (g *Globals) shared() *Globals { return g }

// Parse fills the grammar from arguments, environment and configuration file, and
// gives the command to run; none and no error when help was asked for and
// printed. Error: [*UsageError].
func Parse(k Kind, g Grammar, args []string, std Streams) (Command, error) {
	helped := false
	parser, err := NewParser(k, g,
		kong.Writers(std.Out, std.Err),
		kong.Exit(func(int) { helped = true }), // kong exits after printing help only
	)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil, nil
	}
	if err != nil {
		return nil, &UsageError{Err: withoutWrapping(err), Help: helpFor(k, err)}
	}
	cmd, ok := reflect.TypeAssert[Command](parsed.Selected().Target.Addr())
	if !ok {
		return nil, fmt.Errorf("run %s: no command", parsed.Command())
	}
	return cmd, nil
}

// NewParser is the parser of a program's command line.
func NewParser(k Kind, g Grammar, more ...kong.Option) (*kong.Kong, error) {
	parser, err := kong.New(g, append([]kong.Option{
		kong.Name(k.Name),
		kong.Description(k.Description),
		kong.DefaultEnvars(k.Env),
		kong.Vars(k.vars()),
		kong.Bind(k),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	}, more...)...)
	if err != nil {
		return nil, fmt.Errorf("build flags: %w", err)
	}
	if err := k.fillDetails(parser.Model); err != nil {
		return nil, fmt.Errorf("build flags: %w", err)
	}
	return parser, nil
}

// fillDetails fills the long texts, which kong leaves as they are.
func (k Kind) fillDetails(model *kong.Application) error {
	var words []string
	for name, value := range k.vars() {
		words = append(words, "${"+name+"}", value)
	}
	filled := strings.NewReplacer(words...)
	return kong.Visit(model, func(v kong.Visitable, next kong.Next) error {
		if command, ok := v.(*kong.Command); ok {
			command.Detail = filled.Replace(command.Detail)
		}
		return next(nil)
	})
}

// BeforeResolve reads the configuration file, once its name is known from flag
// or environment and before any default is settled.
func (g *Globals) BeforeResolve(kctx *kong.Context, k Kind) error {
	var named string
	for _, flag := range kctx.Model.Flags {
		if flag.Name == "config" {
			named, _ = kctx.FlagValue(flag).(string)
		}
	}
	settings, err := loadConfig(named, k.configPaths(), kctx.Model)
	if err != nil {
		return err
	}
	kctx.AddResolver(settings)
	return nil
}
