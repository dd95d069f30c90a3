package main

// scanRows are those of the office's scanner (issue 6). Precision and recall of
// every class and format stand in the run above the table.
var scanRows = []row{
	{
		"citizen numbers on the mixed corpus, recall, and its 95 % interval", "≥ 0.99",
		measured("citizen-recall"), nil, "%.4f",
	},
	{
		"citizen numbers on the mixed corpus, precision, and its 95 % interval", "≥ 0.98",
		measured("citizen-precision"), nil, "%.4f",
	},
	{
		"names, recall, and its 95 % interval", "–",
		measured("name-recall"), nil, "%.4f",
	},
	{
		"names, precision, and its 95 % interval", "–",
		measured("name-precision"), nil, "%.4f",
	},
	{
		"addresses, recall, and its 95 % interval", "–",
		measured("address-recall"), nil, "%.4f",
	},
	{
		"addresses, precision, and its 95 % interval", "–",
		measured("address-precision"), nil, "%.4f",
	},
	{
		"telephones, recall, and its 95 % interval", "–",
		measured("phone-recall"), nil, "%.4f",
	},
	{
		"telephones, precision, and its 95 % interval", "–",
		measured("phone-precision"), nil, "%.4f",
	},
	{
		"MB/s a core on text with few candidates", "≥ 150",
		[]figure{{scanner, "BenchmarkScanText/chipproof", "cpu-MB/s"}},
		[]figure{{scanner, "BenchmarkScanText/grep", "cpu-MB/s"}},
		"%.0f",
	},
	{
		"growth of the heap in MiB on a file of 2 GB, text / CSV", "flat",
		[]figure{{scanner, "BenchmarkMemoryOf2GB/a.txt", "peak-MiB"}, {scanner, "BenchmarkMemoryOf2GB/a.csv", "peak-MiB"}},
		nil, "%.0f",
	},
	{
		"small files a second, the state of each on the disk before it counts", "–",
		[]figure{{register, "BenchmarkSmallFiles", "files/s"}},
		nil, "%.0f",
	},
}

// measured is a share and its interval.
func measured(unit string) []figure {
	return []figure{
		{accuracy, "BenchmarkMeasure", unit},
		{accuracy, "BenchmarkMeasure", unit + "-low"},
		{accuracy, "BenchmarkMeasure", unit + "-high"},
	}
}
