package io.sampo.tests.edge;

import static io.sampo.tests.edge.Http2Script.connected;
import static io.sampo.tests.edge.Http2Script.number;
import static io.sampo.tests.edge.Http2Script.setting;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** HTTP/2: prefaces, frames in the wrong state, of the wrong size, with the wrong content. */
final class Http2FrameCases {

  private static final byte[] NONE = {};

  private Http2FrameCases() {}

  static List<EdgeCase> all() {
    List<EdgeCase> cases = new ArrayList<>();
    cases.addAll(prefaces());
    cases.addAll(settings());
    cases.addAll(windows());
    cases.addAll(states());
    cases.addAll(otherFrames());
    cases.addAll(sizes());
    cases.addAll(blocks());
    cases.addAll(goodbyes());
    return cases;
  }

  private static List<EdgeCase> prefaces() {
    Http2Script slow = new Http2Script();
    for (char octet : Http2Script.PREFACE.toCharArray()) {
      slow.text(String.valueOf(octet)).pause(10);
    }
    return List.of(
        new Http2Script().text(Http2Script.PREFACE).as("preface alone"),
        new Http2Script()
            .text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r")
            .pause(150)
            .text("\n")
            .frame(4, 0, 0, NONE)
            .as("preface in two segments"),
        new Http2Script()
            .text("PRI * HTTP/2.0\r\n\r\n")
            .pause(150)
            .text("SM\r\n\r\n")
            .frame(4, 0, 0, NONE)
            .as("preface cut behind the head"),
        new Http2Script()
            .text("PRI")
            .pause(150)
            .text(" * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .frame(4, 0, 0, NONE)
            .as("preface cut in the method"),
        slow.frame(4, 0, 0, NONE).as("preface byte by byte"),
        new Http2Script().text("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX").as("a wrong preface"),
        new Http2Script().text("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n").as("another wrong preface"),
        new Http2Script().text("PRI * HTTP/2.0\r\n\r\n").halfClose().as("half a preface, closed"),
        new Http2Script()
            .text(Http2Script.PREFACE)
            .frame(6, 0, 0, new byte[8])
            .as("no SETTINGS first"),
        new Http2Script().text(Http2Script.PREFACE).frame(4, 1, 0, NONE).as("SETTINGS ACK first"),
        new Http2Script().text(Http2Script.PREFACE).text(Http2Script.PREFACE).as("two prefaces"),
        new Http2Script()
            .text(Http2Script.PREFACE)
            .text("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            .as("preface, then HTTP/1"),
        new Http2Script()
            .text(Http2Script.PREFACE)
            .frame(4, 0, 0, NONE)
            .halfClose()
            .as("closed behind SETTINGS"));
  }

  /** So many settings that mean nothing. */
  private static byte[] different(int settings) {
    byte[] pairs = new byte[6 * settings];
    for (int i = 0; i < settings; i++) {
      pairs[6 * i + 1] = (byte) (100 + i);
    }
    return pairs;
  }

  private static List<EdgeCase> settings() {
    List<EdgeCase> cases = new ArrayList<>();
    int[][] values = {
      {1, 0},
      {1, -1},
      {1, 100_000_000},
      {2, 0},
      {2, 1},
      {2, 2},
      {3, 0},
      {4, 0},
      {4, Integer.MAX_VALUE},
      {4, -1},
      {5, 0},
      {5, 16_383},
      {5, 16_384},
      {5, 16_777_215},
      {5, 16_777_216},
      {6, 0},
      {8, 1},
      {8, 2},
      {99, 1}
    };
    for (int[] value : values) {
      cases.add(
          connected()
              .frame(4, 0, 0, setting(value[0], value[1]))
              .frame(6, 0, 0, new byte[8])
              .as("setting " + value[0] + "=" + Integer.toUnsignedString(value[1])));
    }
    cases.add(connected().frame(4, 0, 0, new byte[5]).as("SETTINGS of 5 bytes"));
    cases.add(connected().frame(4, 0, 0, new byte[12]).as("the same setting twice"));
    cases.add(connected().frame(4, 0, 0, different(100)).as("100 settings"));
    cases.add(connected().frame(4, 0, 0, different(101)).as("101 settings"));
    cases.add(connected().frame(4, 0, 1, NONE).as("SETTINGS on stream 1"));
    cases.add(connected().frame(4, 1, 0, new byte[6]).as("SETTINGS ACK with a value"));
    cases.add(
        connected()
            .frame(4, 1, 0, NONE)
            .frame(4, 1, 0, NONE)
            .frame(6, 0, 0, new byte[8])
            .as("SETTINGS ACK twice"));
    return cases;
  }

  private static List<EdgeCase> windows() {
    return List.of(
        connected().frame(8, 0, 0, number(0)).as("WINDOW_UPDATE 0 of the connection"),
        open().frame(8, 0, 1, number(0)).as("WINDOW_UPDATE 0 of a stream"),
        connected()
            .frame(8, 0, 0, number(Integer.MAX_VALUE))
            .as("WINDOW_UPDATE over the connection's limit"),
        open().frame(8, 0, 1, number(Integer.MAX_VALUE)).as("WINDOW_UPDATE over a stream's limit"),
        connected().frame(8, 0, 5, number(1)).as("WINDOW_UPDATE of an idle stream"),
        connected()
            .frame(8, 0, 5, number(0))
            .frame(6, 0, 0, new byte[8])
            .as("WINDOW_UPDATE 0 of an idle stream"),
        answered()
            .frame(8, 0, 1, number(0))
            .frame(6, 0, 0, new byte[8])
            .as("WINDOW_UPDATE 0 of a closed stream"),
        connected().frame(8, 0, 0, new byte[3]).as("WINDOW_UPDATE of 3 bytes"),
        connected()
            .frame(8, 0, 0, number(0x80000001))
            .frame(6, 0, 0, new byte[8])
            .as("WINDOW_UPDATE with the reserved bit"));
  }

  /** Stream 1 has its headers and waits for a message. */
  private static Http2Script open() {
    return connected().headers(1, false, GrpcCases.request());
  }

  /** Stream 1 is answered. */
  private static Http2Script answered() {
    return open().message(1, true, GrpcCases.RANGE).pause(400);
  }

  private static List<EdgeCase> states() {
    return List.of(
        connected().data(1, false, new byte[5]).as("DATA on an idle stream"),
        connected().data(0, false, new byte[5]).as("DATA on stream 0"),
        answered()
            .data(1, false, new byte[5])
            .frame(6, 0, 0, new byte[8])
            .as("DATA on a closed stream"),
        open()
            .message(1, true, GrpcCases.RANGE)
            .data(1, true, new byte[5])
            .as("DATA behind END_STREAM"),
        connected().headers(0, true, GrpcCases.request()).as("HEADERS on stream 0"),
        connected().headers(2, true, GrpcCases.request()).as("HEADERS on stream 2"),
        connected()
            .headers(5, false, GrpcCases.request())
            .message(5, true, GrpcCases.RANGE)
            .pause(300)
            .headers(3, false, GrpcCases.request())
            .as("HEADERS of a lower stream"),
        answered().headers(1, true, GrpcCases.request()).as("HEADERS on a closed stream"),
        open()
            .headers(1, false, List.of("a", "b"))
            .message(1, true, GrpcCases.RANGE)
            .as("HEADERS twice, no end"),
        open()
            .message(1, false, GrpcCases.RANGE)
            .headers(1, true, List.of("a", "b"))
            .as("trailers"),
        open()
            .message(1, false, GrpcCases.RANGE)
            .headers(1, true, List.of(":path", "b"))
            .as("trailers with :path"),
        open().frame(3, 0, 1, number(8)).frame(6, 0, 0, new byte[8]).as("RST_STREAM"),
        connected().frame(3, 0, 1, number(8)).as("RST_STREAM of an idle stream"),
        connected().frame(3, 0, 0, number(8)).as("RST_STREAM of stream 0"),
        answered()
            .frame(3, 0, 1, number(8))
            .frame(6, 0, 0, new byte[8])
            .as("RST_STREAM of a closed stream"),
        open().frame(3, 0, 1, new byte[3]).as("RST_STREAM of 3 bytes"));
  }

  private static List<EdgeCase> otherFrames() {
    return List.of(
        connected().frame(6, 0, 1, new byte[8]).as("PING on stream 1"),
        connected().frame(6, 0, 0, new byte[7]).as("PING of 7 bytes"),
        connected().frame(6, 0, 0, "12345678".getBytes(StandardCharsets.US_ASCII)).as("PING"),
        connected()
            .frame(6, 1, 0, new byte[8])
            .frame(6, 0, 0, new byte[8])
            .as("PING ACK nobody asked for"),
        connected()
            .frame(2, 0, 1, new byte[5])
            .frame(6, 0, 0, new byte[8])
            .as("PRIORITY of an idle stream"),
        connected()
            .frame(2, 0, 1, new byte[] {0, 0, 0, 1, 0})
            .frame(6, 0, 0, new byte[8])
            .as("PRIORITY on itself"),
        connected().frame(2, 0, 0, new byte[5]).as("PRIORITY on stream 0"),
        connected()
            .frame(2, 0, 1, new byte[4])
            .frame(6, 0, 0, new byte[8])
            .as("PRIORITY of 4 bytes"),
        connected().frame(5, 4, 1, new byte[4]).as("PUSH_PROMISE"),
        connected().frame(9, 4, 1, NONE).as("CONTINUATION alone"),
        connected()
            .frame(0x77, 0xff, 0, new byte[20])
            .frame(6, 0, 0, new byte[8])
            .as("an unknown frame"),
        open()
            .frame(0x77, 0xff, 1, new byte[20])
            .message(1, true, GrpcCases.RANGE)
            .as("an unknown frame on a stream"),
        open().halfClose().as("closed behind HEADERS"),
        open().message(1, true, GrpcCases.RANGE).halfClose().as("half-close behind a request"));
  }

  private static List<EdgeCase> sizes() {
    return List.of(
        open().data(1, true, new byte[16_385]).as("DATA of 16,385 bytes"),
        connected().frame(4, 0, 0, new byte[16_386]).as("SETTINGS of 16,386 bytes"),
        connected().frame(0x77, 0, 0, new byte[16_385]).as("an unknown frame of 16,385 bytes"),
        connected().text("\u00ff\u00ff\u00ff\0\0\0\0\0\1").as("a frame of 16 MB announced"),
        open().frame(0, 8, 1, new byte[] {5, 0, 0}).as("padding longer than the frame"),
        open().frame(0, 8, 1, NONE).as("padded and empty"),
        open().frame(0, 9, 1, padded(GrpcCases.prefixed(GrpcCases.RANGE), 20)).as("padded DATA"),
        connected()
            .frame(1, 0x0c, 1, padded(Http2Script.block(GrpcCases.request()), 20))
            .message(1, true, GrpcCases.RANGE)
            .as("padded HEADERS"),
        connected().frame(1, 0x0c, 1, new byte[] {9, 0}).as("HEADERS padded too long"),
        connected()
            .frame(1, 0x24, 1, priority(0, GrpcCases.request()))
            .message(1, true, GrpcCases.RANGE)
            .as("HEADERS with priority"),
        connected()
            .frame(1, 0x24, 1, priority(1, GrpcCases.request()))
            .message(1, true, GrpcCases.RANGE)
            .as("HEADERS with priority on itself"),
        connected().frame(1, 0x24, 1, new byte[3]).as("HEADERS with half a priority"),
        open()
            .data(1, false, NONE)
            .data(1, false, NONE)
            .message(1, true, GrpcCases.RANGE)
            .as("empty DATA"));
  }

  private static byte[] padded(byte[] bytes, int padding) {
    byte[] padded = new byte[1 + bytes.length + padding];
    padded[0] = (byte) padding;
    System.arraycopy(bytes, 0, padded, 1, bytes.length);
    return padded;
  }

  private static byte[] priority(int on, List<String> fields) {
    byte[] block = Http2Script.block(fields);
    byte[] all = new byte[5 + block.length];
    all[3] = (byte) on;
    System.arraycopy(block, 0, all, 5, block.length);
    return all;
  }

  private static List<EdgeCase> blocks() {
    byte[] block = Http2Script.block(GrpcCases.request());
    byte[] first = java.util.Arrays.copyOf(block, 20);
    byte[] rest = java.util.Arrays.copyOfRange(block, 20, block.length);
    return List.of(
        connected()
            .frame(1, 0, 1, first)
            .frame(9, 4, 1, rest)
            .message(1, true, GrpcCases.RANGE)
            .as("CONTINUATION"),
        connected()
            .frame(1, 0, 1, first)
            .frame(9, 0, 1, NONE)
            .frame(9, 0, 1, NONE)
            .frame(9, 4, 1, rest)
            .message(1, true, GrpcCases.RANGE)
            .as("empty CONTINUATIONs"),
        connected().frame(1, 0, 1, first).frame(9, 4, 3, rest).as("CONTINUATION of another stream"),
        connected()
            .frame(1, 0, 1, first)
            .frame(6, 0, 0, new byte[8])
            .as("PING between HEADERS and CONTINUATION"),
        connected()
            .frame(1, 0, 1, first)
            .frame(0, 1, 1, NONE)
            .as("DATA between HEADERS and CONTINUATION"),
        connected().frame(1, 4, 1, new byte[] {(byte) 0x80}).as("HPACK index 0"),
        connected()
            .frame(1, 4, 1, new byte[] {(byte) 0xff, 0x20})
            .as("HPACK index beyond the table"),
        connected().frame(1, 4, 1, first).as("HPACK cut"),
        connected().frame(1, 4, 1, new byte[] {0, (byte) 0x81, 0}).as("HPACK with bad Huffman"),
        huffman(0x1f).as("HPACK with Huffman padding of 3 bits"),
        huffman(0x18).as("HPACK with Huffman padding of zeros"),
        huffman(0x1f, 0xff).as("HPACK with Huffman padding of 11 bits"),
        huffman(0x1f, 0xff, 0xff).as("HPACK with Huffman padding of 19 bits"),
        huffman(0x1f, 0xff, 0xff, 0xff, 0xff).as("HPACK with Huffman's end of string"),
        huffman(0xfe, 0xff).as("HPACK with a Huffman code that is cut"),
        connected()
            .frame(1, 4, 1, new byte[] {0x3f, (byte) 0xff, (byte) 0xff, 0x7f})
            .as("HPACK table too large"),
        connected().frame(1, 5, 1, NONE).as("empty HEADERS"),
        connected()
            .frame(
                1,
                4,
                1,
                new byte[] {
                  0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f
                })
            .as("HPACK length overflow"));
  }

  /** A call with a field whose value is encoded so. */
  private static Http2Script huffman(int... value) {
    byte[] block = Http2Script.block(GrpcCases.request());
    byte[] all = java.util.Arrays.copyOf(block, block.length + 4 + value.length);
    all[block.length + 1] = 1;
    all[block.length + 2] = 'a';
    all[block.length + 3] = (byte) (0x80 | value.length);
    for (int i = 0; i < value.length; i++) {
      all[block.length + 4 + i] = (byte) value[i];
    }
    return connected().frame(1, 4, 1, all).message(1, true, GrpcCases.RANGE);
  }

  private static List<EdgeCase> goodbyes() {
    List<EdgeCase> cases = new ArrayList<>();
    for (int code : new int[] {0, 1, 2, 11, 99}) {
      byte[] payload = java.nio.ByteBuffer.allocate(8).putInt(0).putInt(code).array();
      cases.add(
          connected().frame(7, 0, 0, payload).frame(6, 0, 0, new byte[8]).as("GOAWAY " + code));
      cases.add(
          open()
              .frame(7, 0, 0, payload)
              .message(1, true, GrpcCases.RANGE)
              .as("GOAWAY " + code + " with a call open"));
    }
    cases.add(connected().frame(7, 0, 1, new byte[8]).as("GOAWAY on stream 1"));
    cases.add(connected().frame(7, 0, 0, new byte[7]).as("GOAWAY of 7 bytes"));
    cases.add(
        connected()
            .frame(7, 0, 0, new byte[8])
            .headers(1, false, GrpcCases.request())
            .message(1, true, GrpcCases.RANGE)
            .as("a call behind GOAWAY"));
    return cases;
  }
}
