package dev.attune.checkpoint;

import dev.attune.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@code model.safetensors}. */
public final class SafetensorsFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "safetensors";
    }

    @Override
    public String file() {
        return "input.safetensors";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                file(
                        "{\"__metadata__\":{\"format\":\"pt\"},\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],"
                                + "\"data_offsets\":[0,24]},\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[24,26]}}",
                        26),
                file(
                        "{\"n\":{\"dtype\":\"I64\",\"shape\":[1,0,4],\"data_offsets\":[0,0]},\"m\":{\"shape\":[3],"
                                + "\"data_offsets\":[0,3],\"dtype\":\"U8\"}}   ",
                        3),
                file("{}", 0));
    }

    private static byte[] file(String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return Bytes.join(Bytes.longs(json.length), json, new byte[data]);
    }

    @Override
    public List<String> words() {
        return List.of(
                "\"shape\":",
                "\"dtype\":",
                "\"data_offsets\":",
                "__metadata__",
                "F64",
                "F16",
                "I8",
                "BOOL",
                "F8_E4M3",
                "C64",
                "[0,0]",
                "[9223372036854775807,2]",
                "[4294967296,4294967296]",
                "{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}");
    }

    @Override
    public boolean json() {
        return true;
    }

    /** Lets the header end with its last brace. */
    @Override
    public byte[] seal(byte[] input) {
        int last = input.length - 1;
        while (last >= 8 && input[last] != '}') last--;
        if (last < 8) return input;
        byte[] sealed = input.clone();
        ByteBuffer.wrap(sealed).order(ByteOrder.LITTLE_ENDIAN).putLong(0, last - 7);
        return sealed;
    }

    @Override
    public void read(Path file) {
        WeightsFuzz.readAll(file);
    }
}
