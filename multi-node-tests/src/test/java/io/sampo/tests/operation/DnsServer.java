package io.sampo.tests.operation;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A small DNS server on loopback, by UDP and TCP. */
final class DnsServer implements AutoCloseable {
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final List<Record> records;
  private volatile boolean truncates;
  private volatile boolean fails;

  private DnsServer(DatagramSocket udp, ServerSocket tcp, List<Record> records) {
    this.udp = udp;
    this.tcp = tcp;
    this.records = records;
  }

  /**
   * Serves such lines: {@code name ttl IN type value}, names with their dots.
   *
   * @throws IOException if there is no free port
   */
  static DnsServer start(String... lines) throws IOException {
    List<Record> records = new ArrayList<>();
    for (String line : lines) {
      String[] parts = line.split(" ", 5);
      records.add(
          Record.fromString(
              Name.fromString(parts[0]),
              Type.value(parts[3]),
              DClass.IN,
              Long.parseLong(parts[1]),
              parts[4],
              Name.root));
    }
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    ServerSocket tcp = new ServerSocket(0, 5, loopback);
    DnsServer server =
        new DnsServer(new DatagramSocket(tcp.getLocalPort(), loopback), tcp, records);
    daemon(server::serveUdp);
    daemon(server::serveTcp);
    return server;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "dns");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", tcp.getLocalPort());
  }

  /** From now on no answer fits into a datagram. */
  void truncate() {
    truncates = true;
  }

  /** From now on it has a problem. */
  void failAll() {
    fails = true;
  }

  private void serveUdp() {
    byte[] bytes = new byte[4096];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        udp.receive(packet);
        byte[] question = java.util.Arrays.copyOf(bytes, packet.getLength());
        byte[] answer = answer(new Message(question), truncates).toWire();
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException closed) {
        // The loop looks whether it is the end.
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try (Socket socket = tcp.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] question = in.readNBytes(in.readUnsignedShort());
        byte[] answer = answer(new Message(question), false).toWire();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
      } catch (IOException closed) {
        // The loop looks whether it is the end.
      }
    }
  }

  private Message answer(Message question, boolean truncated) {
    Record asked = question.getQuestion();
    Message answer = new Message(question.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.AA);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(asked, Section.QUESTION);
    if (fails) {
      answer.getHeader().setRcode(Rcode.SERVFAIL);
    } else if (truncated) {
      answer.getHeader().setFlag(Flags.TC);
    } else if (!add(answer, asked.getName(), asked.getType())) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    return answer;
  }

  /** Whether there is anything of that name. */
  private boolean add(Message answer, Name name, int type) {
    boolean found = false;
    for (Record one : records) {
      if (one.getName().equals(name)) {
        found = true;
        if (one.getType() == type) {
          answer.addRecord(one, Section.ANSWER);
        } else if (one instanceof org.xbill.DNS.CNAMERecord alias) {
          answer.addRecord(one, Section.ANSWER);
          add(answer, alias.getTarget(), type);
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
