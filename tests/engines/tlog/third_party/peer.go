// A log read and written with golang.org/x/mod, the code behind the Go checksum database.
//
//	peer verify FOLDER VKEY [OLDSIZE ROOT]…   checks head, every tile, every entry, and the way from older roots
//	peer write FOLDER SKEY ORIGIN COUNT       writes a log of COUNT entries "go 0", "go 1", …
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// folder reads and writes tiles; C2SP leaves the height out of their paths.
type folder string

func place(t tlog.Tile) string {
	path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, t := range tiles {
		content, err := os.ReadFile(filepath.Join(string(f), place(t)))
		if err != nil {
			return nil, err
		}
		found = append(found, content)
	}
	return found, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) write(path string, content []byte) {
	full := filepath.Join(string(f), path)
	check(os.MkdirAll(filepath.Dir(full), 0o755))
	check(os.WriteFile(full, content, 0o644))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func require(ok bool, format string, arguments ...any) {
	if !ok {
		check(fmt.Errorf(format, arguments...))
	}
}

// head opens the signed note and reads its three lines.
func head(f folder, vkey string) (string, tlog.Tree) {
	raw, err := os.ReadFile(filepath.Join(string(f), "checkpoint"))
	check(err)
	verifier, err := note.NewVerifier(vkey)
	check(err)
	opened, err := note.Open(raw, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	require(len(lines) == 4, "the head has %d lines", len(lines)-1)
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	require(lines[0] == verifier.Name(), "the head is of %s", lines[0])
	return lines[0], tlog.Tree{N: size, Hash: root}
}

// entries gives every entry of the bundles in order.
func entries(f folder, size int64) [][]byte {
	var found [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := min(256, int(size-n*256))
		bundle, err := f.ReadTiles([]tlog.Tile{{H: height, L: -1, N: n, W: width}})
		check(err)
		rest := bundle[0]
		for len(rest) > 0 {
			end := 2 + int(binary.BigEndian.Uint16(rest))
			found = append(found, rest[2:end])
			rest = rest[end:]
		}
	}
	return found
}

func verify(f folder, vkey string, older []string) {
	origin, tree := head(f, vkey)
	reader := tlog.TileHashReader(tree, f)
	root, err := tlog.TreeHash(tree.N, reader)
	check(err)
	require(root == tree.Hash, "the tiles give another root")

	all := entries(f, tree.N)
	require(int64(len(all)) == tree.N, "there are %d entries", len(all))
	for start := 0; start < len(all); start += 256 {
		var indexes []int64
		for i := start; i < min(start+256, len(all)); i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, int64(i)))
		}
		hashes, err := reader.ReadHashes(indexes)
		check(err)
		for i, hash := range hashes {
			require(hash == tlog.RecordHash(all[start+i]), "entry %d has another hash", start+i)
		}
	}
	for i := int64(0); i < tree.N; i += 1 + tree.N/50 {
		proof, err := tlog.ProveRecord(tree.N, i, reader)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, i, tlog.RecordHash(all[i])))
	}
	for i := 0; i < len(older); i += 2 {
		size, err := strconv.ParseInt(older[i], 10, 64)
		check(err)
		before, err := tlog.ParseHash(older[i+1])
		check(err)
		proof, err := tlog.ProveTree(tree.N, size, reader)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, size, before))
	}
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"origin": origin, "size": tree.N, "root": tree.Hash.String(), "older": len(older) / 2,
	}))
}

func write(f folder, skey, origin string, count int64) {
	signer, err := note.NewSigner(skey)
	check(err)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, i := range indexes {
			found = append(found, stored[i])
		}
		return found, nil
	})
	var bundle []byte
	for i := int64(0); i < count; i++ {
		entry := []byte(fmt.Sprintf("go %d", i))
		hashes, err := tlog.StoredHashes(i, entry, reader)
		check(err)
		stored = append(stored, hashes...)
		bundle = append(binary.BigEndian.AppendUint16(bundle, uint16(len(entry))), entry...)
		if width := int(i%256) + 1; width == 256 || i == count-1 {
			f.write(place(tlog.Tile{H: height, L: -1, N: i / 256, W: width}), bundle)
			bundle = nil
		}
	}
	for _, tile := range tlog.NewTiles(height, 0, count) {
		content, err := tlog.ReadTileData(tile, reader)
		check(err)
		f.write(place(tile), content)
	}
	root, err := tlog.TreeHash(count, reader)
	check(err)
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, count, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	check(err)
	f.write("checkpoint", signed)
}

func main() {
	arguments := os.Args[1:]
	switch arguments[0] {
	case "verify":
		verify(folder(arguments[1]), arguments[2], arguments[3:])
	case "write":
		count, err := strconv.ParseInt(arguments[4], 10, 64)
		check(err)
		write(folder(arguments[1]), arguments[2], arguments[3], count)
	}
}
