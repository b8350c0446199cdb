/* SPDX-License-Identifier: Apache-2.0 */
/* Made by tests/tools/ed25519_vectors.py. */
#pragma once

static const struct {
	const char *about, *key, *signature, *message;
	int valid;
} edges[] = {
	{ "an honest signature",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 1 },
	{ "S + L",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "9d33065d6a971592a3134a3b1fb699bbaf2409cbf43cea78ba7b8ee481bd6418",
	    "0", 0 },
	{ "S + 8 L",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "18ffbee7224d96fa7f5d0fb0358bb24db02409cbf43cea78ba7b8ee481bd6488",
	    "0", 0 },
	{ "S = L",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "edc876d6831fd2105d0b4389ca2e283166469289146e2ce06faefe98b22548df"
	    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
	    "", 0 },
	{ "small-order A 0, R = [S]B",
	    "0100000000000000000000000000000000000000000000000000000000000000",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "4", 0 },
	{ "small-order A 0 and R",
	    "0100000000000000000000000000000000000000000000000000000000000000",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "10", 0 },
	{ "small-order A 1, R = [S]B",
	    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "11", 0 },
	{ "small-order A 1 and R",
	    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "1", 0 },
	{ "small-order A 2, R = [S]B",
	    "0000000000000000000000000000000000000000000000000000000000000080",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "0", 0 },
	{ "small-order A 2 and R",
	    "0000000000000000000000000000000000000000000000000000000000000080",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "5", 0 },
	{ "small-order A 3, R = [S]B",
	    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "10", 0 },
	{ "small-order A 3 and R",
	    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "3", 0 },
	{ "small-order A 4, R = [S]B",
	    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "5", 0 },
	{ "small-order A 4 and R",
	    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "1", 0 },
	{ "small-order A 5, R = [S]B",
	    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "3", 0 },
	{ "small-order A 5 and R",
	    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "0", 0 },
	{ "small-order A 6, R = [S]B",
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "5", 0 },
	{ "small-order A 6 and R",
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "10", 0 },
	{ "small-order A 7, R = [S]B",
	    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "3", 0 },
	{ "small-order A 7 and R",
	    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "0", 0 },
	{ "A the identity written as p + 1",
	    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "0", 0 },
	{ "A the identity with its sign bit",
	    "0100000000000000000000000000000000000000000000000000000000000080",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "2143658709badcfe2143658709badcfe00000000000000000000000000000000",
	    "0", 0 },
	{ "R the identity, S = h a",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "0100000000000000000000000000000000000000000000000000000000000000"
	    "5d729d391a1ce75e12829a87ac162260e1f14f21eccebbea73179cc033045e06",
	    "0", 0 },
	{ "mixed-order A, small-order R 1",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
	    "f0cc281cd03eef031b237a917f24d291b61d265b33ffbef49ffdd969d33e230f",
	    "1", 0 },
	{ "mixed-order A, small-order R 2",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "0000000000000000000000000000000000000000000000000000000000000080"
	    "e1a9212a23a47799980ca56d0288f67a3d19546d074b3e1e1f1d02ead2cc490b",
	    "4", 0 },
	{ "mixed-order A, small-order R 3",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
	    "d747c45a796d5c099440608c1a1a8a9a6747d17c7a55af39b4b65be189596808",
	    "0", 0 },
	{ "mixed-order A, small-order R 4",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "c7492459a6ee4c0f13b3bdb989fd0bdb60e1951aba94ec678904743e8274760a",
	    "2", 0 },
	{ "mixed-order A, small-order R 5",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"
	    "8f0b99593efdbc08cab5b920a1ddaca713aa084d38dc5524ee4cbd99f4116101",
	    "4", 0 },
	{ "mixed-order A, small-order R 6",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "0000000000000000000000000000000000000000000000000000000000000000"
	    "db5efa930cbc39e9aec931c6d0123251c4013a8796109babd69d3cb4aa4cab0b",
	    "1", 0 },
	{ "mixed-order A, small-order R 7",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
	    "59ee0065a3fa3863ffcf73b66fd62c070f3ac5796f2549a2fba7aa7d3018a80f",
	    "1", 0 },
	{ "mixed-order A, torsion cancels",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "79a864e6cced95163710bc6bc9ab39595efd66e6f2df5090819a187daa7eaf0b",
	    "1", 1 },
	{ "mixed-order A, holds with the cofactor alone",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "52911a0a11a2aaaeb710bb1b5fcca672048c008aec5ffafb56b20f9829118600",
	    "10", 0 },
	{ "mixed-order R, holds with the cofactor alone",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "ca546e2e3c289f3ca313fbc0cd84a0e07bf7290bbaaa4ae9f433c00a49d7ea66"
	    "6c09c5c1f1456eed5e8a029b698c0cc293501429563fabfdda4555b63b5d920d",
	    "0", 0 },
	{ "mixed-order A and R that cancel",
	    "3cf5f6a5afe4ac0aae0026965ca6a7d6448f0ff5ebf291f16860132a3e15bbc9",
	    "23ab91d1c3d760c35cec043f327b5f1f8408d6f44555b5160bcc3ff5b6281599"
	    "e8ec3a8aa46adc3ae49506fadff8495aaeb6758638c3335f0057640566cfbb08",
	    "3", 1 },
	{ "A written as p + 0, sign 0",
	    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 0, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 0, sign 1",
	    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 0, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 1, sign 0",
	    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 1, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 1, sign 1",
	    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 1, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 3, sign 0",
	    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 3, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 3, sign 1",
	    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 3, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 4, sign 0",
	    "f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 4, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 4, sign 1",
	    "f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 4, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 5, sign 0",
	    "f2ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 5, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f2ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 5, sign 1",
	    "f2ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 5, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f2ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 6, sign 0",
	    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 6, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 6, sign 1",
	    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 6, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 9, sign 0",
	    "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 9, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 9, sign 1",
	    "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 9, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 10, sign 0",
	    "f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 10, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 10, sign 1",
	    "f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 10, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 14, sign 0",
	    "fbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 14, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "fbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 14, sign 1",
	    "fbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 14, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "fbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 15, sign 0",
	    "fcffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 15, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "fcffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 15, sign 1",
	    "fcffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 15, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "fcffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 16, sign 0",
	    "fdffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 16, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "fdffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 16, sign 1",
	    "fdffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 16, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "fdffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 18, sign 0",
	    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 18, sign 0",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A written as p + 18, sign 1",
	    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "R written as p + 18, sign 1",
	    "fdd07d0bb562760cdb1ce08a937535c048a62e41bf2d1f5eb2b7701a78e1347c",
	    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
	{ "A not on the curve",
	    "0200000000000000000000000000000000000000000000000000000000000000",
	    "ef3be12628ef900ee58b259c4b411fe028d3c3334b9b3c7f75934ef612094f80"
	    "b05f10005034033acd76529840bcbaa6af2409cbf43cea78ba7b8ee481bd6408",
	    "0", 0 },
};
