package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads event files back, frame by frame, and checks their checksums bit by bit. */
public final class Events {
    /** One event; {@code version} is empty but in the first. */
    public record Event(double wallTime, long step, String version, boolean isStart, Map<String, Float> scalars) {}

    private Events() {}

    /** The event files of a folder in the order of their names. */
    public static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains("tfevents"))
                    .sorted()
                    .toList();
        }
    }

    public static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] head = new byte[8];
            bytes.get(bytes.position(), head);
            byte[] content = new byte[Math.toIntExact(bytes.getLong())];
            assertThat(bytes.getInt()).as("checksum of the length").isEqualTo(masked(head));
            bytes.get(content);
            assertThat(bytes.getInt()).as("checksum of the content").isEqualTo(masked(content));
            events.add(event(CodedInputStream.newInstance(content)));
        }
        return events;
    }

    /** CRC-32C by its polynomial, one bit at a time: another way than the one it was written in. */
    private static int masked(byte[] bytes) {
        int crc = ~0;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) == 1 ? 0x82f63b78 : 0);
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static Event event(CodedInputStream in) throws IOException {
        double time = 0;
        long step = 0;
        String version = "";
        boolean start = false;
        Map<String, Float> scalars = new LinkedHashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> time = in.readDouble();
                case 2 -> step = in.readInt64();
                case 3 -> version = in.readStringRequireUtf8();
                case 5 -> summary(in.readBytes().newCodedInput(), scalars);
                case 7 -> {
                    CodedInputStream log = in.readBytes().newCodedInput();
                    assertThat(WireFormat.getTagFieldNumber(log.readTag())).isEqualTo(1);
                    start = log.readEnum() == 1;
                }
                default -> throw new AssertionError("field " + WireFormat.getTagFieldNumber(tag));
            }
        }
        return new Event(time, step, version, start, scalars);
    }

    private static void summary(CodedInputStream in, Map<String, Float> scalars) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            assertThat(WireFormat.getTagFieldNumber(tag)).isEqualTo(1);
            CodedInputStream value = in.readBytes().newCodedInput();
            assertThat(WireFormat.getTagFieldNumber(value.readTag())).isEqualTo(1);
            String name = value.readStringRequireUtf8();
            assertThat(WireFormat.getTagFieldNumber(value.readTag())).isEqualTo(2);
            scalars.put(name, value.readFloat());
            assertThat(value.isAtEnd()).isTrue();
        }
    }
}
