package io.sampo.tests.sim.fault;

import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.kernel.World;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.pekko.util.ByteString;

/**
 * The links between members, each direction by itself. Proposals are never repeated: on etcd's
 * streams nothing is, and a proposal that came twice would be two.
 */
public final class SimNetwork {
  private record Link(int from, int to) {}

  /** Where messages arrive. */
  public interface Receiver {
    void deliver(int from, int to, Message message);

    /** The sender's end learned that a message got lost. */
    void lost(int from, int to, Message message);
  }

  private final World world;
  private final RandomGenerator random;
  private final Probes probes;
  private final Receiver receiver;
  private final Set<Link> cuts = new LinkedHashSet<>();
  private final Map<Link, Long> slow = new HashMap<>();
  private final Map<Link, Long> brokenNanos = new HashMap<>();
  private final Map<Link, Long> lastArrival = new HashMap<>();
  private NetworkSettings settings;
  private long messages;

  public SimNetwork(World world, Probes probes, NetworkSettings settings, Receiver receiver) {
    this.world = world;
    this.probes = probes;
    this.settings = settings;
    this.receiver = receiver;
    this.random = world.newRandom();
  }

  public void become(NetworkSettings next) {
    settings = next;
  }

  /** Messages sent so far. */
  public long messages() {
    return messages;
  }

  /** Nothing gets from one to the other, in this direction. */
  public void cut(int from, int to) {
    cuts.add(new Link(from, to));
  }

  /** The stream breaks: what is on its way in this direction is lost. */
  public void breakStream(int from, int to) {
    probes.hit(Probe.STREAM_BROKEN);
    brokenNanos.put(new Link(from, to), world.nowNanos());
  }

  /** Undoes one cut, of this direction. */
  public void mend(int from, int to) {
    cuts.remove(new Link(from, to));
  }

  /** Everything takes so much longer in this direction. */
  public void slow(int from, int to, long nanos) {
    slow.put(new Link(from, to), nanos);
  }

  /** All links are whole and quick. */
  public void heal() {
    cuts.clear();
    slow.clear();
  }

  public void send(int from, int to, Message message) {
    messages++;
    Link link = new Link(from, to);
    boolean cut = cuts.contains(link);
    if (cut || random.nextInt(1000) < settings.lossPerMille()) {
      probes.hit(cut ? Probe.MESSAGE_INTO_A_CUT_LINK : Probe.MESSAGE_LOST);
      if (random.nextBoolean()) {
        world.after(delay(link), () -> receiver.lost(from, to, message));
      }
      return;
    }
    arrange(link, message);
    boolean repeatable =
        message.getType() != MessageType.MsgProp && message.getType() != MessageType.MsgSnap;
    if (repeatable && random.nextInt(1000) < settings.repeatPerMille()) {
      probes.hit(Probe.MESSAGE_REPEATED);
      arrange(link, message);
    }
  }

  /**
   * Carries something that has a connection of its own.
   *
   * @param lost run after a while if it does not arrive
   */
  public void carry(int from, int to, Runnable arrive, Runnable lost) {
    messages++;
    Link link = new Link(from, to);
    boolean fails = cuts.contains(link) || random.nextInt(1000) < settings.lossPerMille();
    world.after(delay(link), fails ? lost : arrive);
  }

  /**
   * Carries a state, which takes longer, and may arrive although its sender gave up, or damaged.
   *
   * @param arrive takes what has become of it
   */
  public void carryState(
      int from, int to, ByteString state, Consumer<ByteString> arrive, Runnable lost) {
    long longer = random.nextLong(settings.stateNanos() + 1);
    boolean givenUp = random.nextInt(1000) < settings.stateGivenUpPerMille();
    boolean flipped = random.nextInt(1000) < settings.stateFlippedPerMille();
    ByteString arriving = flipped ? withWrongBit(state) : state;
    if (givenUp) {
      probes.hit(Probe.SNAPSHOT_GIVEN_UP_ON_ITS_WAY);
      world.after(random.nextLong(longer + 1), lost);
    }
    world.after(
        longer, () -> carry(from, to, () -> arrive.accept(arriving), givenUp ? () -> {} : lost));
  }

  private ByteString withWrongBit(ByteString state) {
    probes.hit(Probe.BIT_FLIPPED_IN_A_SNAPSHOT_ON_ITS_WAY);
    byte[] bytes = state.toArray();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return ByteString.fromArrayUnsafe(bytes);
  }

  private void arrange(Link link, Message message) {
    long arrival = world.nowNanos() + delay(link);
    long previous = lastArrival.getOrDefault(link, 0L);
    if (settings.ordered()) {
      arrival = Math.max(arrival, previous);
    } else if (arrival < previous) {
      probes.hit(Probe.MESSAGE_OVERTOOK_ANOTHER);
    }
    lastArrival.put(link, Math.max(arrival, previous));
    long sent = world.nowNanos();
    world.after(
        arrival - sent,
        () -> {
          if (brokenNanos.getOrDefault(link, Long.MIN_VALUE) < sent) {
            receiver.deliver(link.from(), link.to(), message);
          } else {
            receiver.lost(link.from(), link.to(), message);
          }
        });
  }

  private long delay(Link link) {
    long spread = settings.maxNanos() - settings.minNanos();
    long nanos = settings.minNanos() + random.nextLong(spread + 1);
    if (random.nextInt(1000) < settings.slowPerMille()) {
      nanos += random.nextLong(settings.slowNanos() + 1);
    }
    return nanos + slow.getOrDefault(link, 0L);
  }
}
