package dev.attune.text;

import dev.attune.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** {@code tokenizer.json}, of which most is read by the native library. */
public final class TokenizerFuzz implements FuzzTarget {
    private static final String TEXT = "Hello wor\u00e9d, \ud83d\ude00 12 [MASK]";

    @Override
    public String reader() {
        return "tokenizer-json";
    }

    @Override
    public String file() {
        return "tokenizer.json";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(bytes(WORDPIECE), bytes(BPE), bytes(UNIGRAM.replace("CHARSMAP", charsmap())), bytes(WORDLEVEL));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One that makes an x of each l: darts units, then the text. */
    private static String charsmap() {
        ByteBuffer map = ByteBuffer.allocate(4 + 4 * 512 + 2).order(ByteOrder.LITTLE_ENDIAN);
        map.putInt(0, 4 * 512);
        map.putInt(4 + 4 * 'l', 'l' | 1 << 8 | 256 << 10);
        map.putInt(4 + 4 * ('l' ^ 256), 1 << 31);
        map.put(4 + 4 * 512, (byte) 'x');
        return Base64.getEncoder().encodeToString(map.array());
    }

    private static final String WORDPIECE = """
            {"version":"1.0","truncation":null,"padding":{"strategy":"BatchLongest","direction":"Right","pad_to_multiple_of":null,
            "pad_id":0,"pad_type_id":0,"pad_token":"[PAD]"},
            "added_tokens":[{"id":0,"content":"[PAD]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
            {"id":4,"content":"[MASK]","single_word":false,"lstrip":true,"rstrip":false,"normalized":false,"special":true}],
            "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
            "pre_tokenizer":{"type":"BertPreTokenizer"},
            "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},
            {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
            "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
            "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
            "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
            "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
            "vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":4,"hello":5,"wor":6,"##ed":7,",":8,"1":9,"##2":10}}}
            """;

    private static final String BPE = """
            {"version":"1.0","truncation":{"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0},"padding":null,
            "added_tokens":[{"id":9,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":true}],
            "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Replace","pattern":{"String":"  "},"content":" "},
            {"type":"Replace","pattern":{"Regex":"a+"},"content":"a"},{"type":"Prepend","prepend":"_"},{"type":"Strip","strip_left":true,
            "strip_right":true},{"type":"StripAccents"},{"type":"Lowercase"}]},
            "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\\\s+"},"behavior":"Isolated",
            "invert":false},{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"Removed"},
            {"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}]},
            "post_processor":{"type":"Sequence","processors":[{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true},
            {"type":"RobertaProcessing","sep":["</s>",8],"cls":["<s>",9],"trim_offsets":true,"add_prefix_space":true}]},
            "decoder":{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,
            "stop":0},{"type":"BPEDecoder","suffix":"</w>"},{"type":"CTC","pad_token":"<pad>","word_delimiter_token":"|","cleanup":true}]},
            "model":{"type":"BPE","dropout":null,"unk_token":"<unk>","continuing_subword_prefix":"","end_of_word_suffix":"",
            "fuse_unk":false,"byte_fallback":true,"ignore_merges":false,"vocab":{"h":0,"e":1,"l":2,"o":3,"he":4,"ll":5,"<unk>":6,
            "<0x41>":7,"</s>":8},"merges":[["h","e"],["l","l"]]}}
            """;

    private static final String UNIGRAM = """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
            "normalizer":{"type":"Precompiled","precompiled_charsmap":"CHARSMAP"},
            "pre_tokenizer":{"type":"Metaspace","replacement":"_","prepend_scheme":"always","split":true},
            "post_processor":{"type":"BertProcessing","sep":["</s>",2],"cls":["<s>",1]},
            "decoder":{"type":"Metaspace","replacement":"_","prepend_scheme":"always","split":true},
            "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,"vocab":[["<unk>",0.0],["<s>",0.0],["</s>",0.0],["_h",-2.5],
            ["e",-3.0],["ll",-1.25],["o",-4]]}}
            """;

    private static final String WORDLEVEL = """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":{"type":"NFKD"},
            "pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":{"type":"Replace","pattern":{"Regex":"b"},"content":""},
            "model":{"type":"WordLevel","vocab":{"hello":0,"<unk>":1},"unk_token":"<unk>"}}
            """;

    @Override
    public List<String> words() {
        return List.of(
                "WordPiece",
                "BPE",
                "Unigram",
                "WordLevel",
                "Precompiled",
                "Metaspace",
                "ByteLevel",
                "UnicodeScripts",
                "CharDelimiterSplit",
                "FixedLength",
                "Nmt",
                "BertNormalizer",
                "TemplateProcessing",
                "A",
                "B",
                "type_id",
                "unk_id",
                "merges",
                "vocab",
                "(a+)+$",
                "(?<=a)b",
                "[",
                "\\\\",
                "",
                "[CLS]",
                "<0xFF>",
                "MergedWithPrevious",
                "Contiguous",
                "BatchLongest",
                "{\"Fixed\":9}",
                "AAAAAAAA",
                "/////w==");
    }

    @Override
    public boolean json() {
        return true;
    }

    @Override
    public void read(Path file) {
        try (Tokenizer tokenizer = Tokenizer.load(file.toAbsolutePath().getParent())) {
            int highest = tokenizer.highestTokenId();
            tokenizer.token(highest);
            tokenizer.token(-1);
            int[] ids = tokenizer.encode(TEXT, null, Integer.MAX_VALUE).ids();
            tokenizer.encodeIds(TEXT, "hello", Integer.MAX_VALUE);
            tokenizer.encodeWords(List.of("Hello", "wor\u00e9d", ""), Integer.MAX_VALUE);
            tokenizer.decode(ids, false);
            tokenizer.decode(new int[] {0, 5, highest, Integer.MAX_VALUE}, true);
            tokenizer.maskTokenId();
            tokenizer.fingerprint();
        }
    }
}
