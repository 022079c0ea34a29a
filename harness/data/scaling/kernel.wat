;; Scales a region of an image whose bytes are interleaved red, green and blue to three planes of size x size: rows first, then columns,
;; a weighted sum of neighbours each, in float32; then a factor and an addend for each channel. Nothing here depends on threads or on the
;; processor.
;;
;; A table has one entry a target row (column): int32, how many bytes after the region's first row (a row of sums) the first neighbour
;; lies; then a float32 weight for each neighbour. 16 bytes at a time are read and 16 sums written: the caller leaves room behind.
(module
  (memory (export "memory") 1)

  ;; One row of sums: as many as a row of the region has bytes.
  (func $rows (param $source i32) (param $stride i32) (param $bytes i32) (param $weights i32) (param $taps i32) (param $sums i32)
    (local $at i32) (local $tap i32) (local $pixel i32) (local $weight v128) (local $values v128) (local $half v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $block
      (local.set $a (v128.const f32x4 0 0 0 0))
      (local.set $b (v128.const f32x4 0 0 0 0))
      (local.set $c (v128.const f32x4 0 0 0 0))
      (local.set $d (v128.const f32x4 0 0 0 0))
      (local.set $tap (i32.const 0))
      (local.set $pixel (i32.add (local.get $source) (local.get $at)))
      (loop $next
        (local.set $weight (v128.load32_splat (i32.add (local.get $weights) (i32.shl (local.get $tap) (i32.const 2)))))
        (local.set $values (v128.load (local.get $pixel)))
        (local.set $half (i16x8.extend_low_i8x16_u (local.get $values)))
        (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $weight) (f32x4.convert_i32x4_u (i32x4.extend_low_i16x8_u (local.get $half))))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $weight) (f32x4.convert_i32x4_u (i32x4.extend_high_i16x8_u (local.get $half))))))
        (local.set $half (i16x8.extend_high_i8x16_u (local.get $values)))
        (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $weight) (f32x4.convert_i32x4_u (i32x4.extend_low_i16x8_u (local.get $half))))))
        (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $weight) (f32x4.convert_i32x4_u (i32x4.extend_high_i16x8_u (local.get $half))))))
        (local.set $pixel (i32.add (local.get $pixel) (local.get $stride)))
        (local.set $tap (i32.add (local.get $tap) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $tap) (local.get $taps))))
      (v128.store (local.get $sums) (local.get $a))
      (v128.store offset=16 (local.get $sums) (local.get $b))
      (v128.store offset=32 (local.get $sums) (local.get $c))
      (v128.store offset=48 (local.get $sums) (local.get $d))
      (local.set $sums (i32.add (local.get $sums) (i32.const 64)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $block (i32.lt_u (local.get $at) (local.get $bytes)))))

  ;; One target row, in all planes, from a row of sums; $step is 4, or -4 from right to left.
  (func $columns
    (param $sums i32) (param $table i32) (param $taps i32) (param $size i32) (param $target i32) (param $step i32)
    (param $factors v128) (param $addends v128)
    (local $left i32) (local $tap i32) (local $sum i32) (local $total v128) (local $second i32) (local $third i32)
    (local.set $left (local.get $size))
    (local.set $second (i32.shl (i32.mul (local.get $size) (local.get $size)) (i32.const 2)))
    (local.set $third (i32.shl (local.get $second) (i32.const 1)))
    (loop $pixel
      (local.set $sum (i32.add (local.get $sums) (i32.load (local.get $table))))
      (local.set $table (i32.add (local.get $table) (i32.const 4)))
      (local.set $total (v128.const f32x4 0 0 0 0))
      (local.set $tap (local.get $taps))
      (loop $next
        (local.set $total (f32x4.add (local.get $total) (f32x4.mul (v128.load32_splat (local.get $table)) (v128.load (local.get $sum)))))
        (local.set $table (i32.add (local.get $table) (i32.const 4)))
        (local.set $sum (i32.add (local.get $sum) (i32.const 12)))
        (local.set $tap (i32.sub (local.get $tap) (i32.const 1)))
        (br_if $next (local.get $tap)))
      (local.set $total (f32x4.add (f32x4.mul (local.get $total) (local.get $factors)) (local.get $addends)))
      (v128.store32_lane 0 (local.get $target) (local.get $total))
      (v128.store32_lane 1 (i32.add (local.get $target) (local.get $second)) (local.get $total))
      (v128.store32_lane 2 (i32.add (local.get $target) (local.get $third)) (local.get $total))
      (local.set $target (i32.add (local.get $target) (local.get $step)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $pixel (local.get $left))))

  ;; $stride: from a row of the source to the next; $bytes: of a row of the region; $channels: where four factors and four addends lie.
  (func (export "scale")
    (param $source i32) (param $stride i32) (param $bytes i32)
    (param $rowTable i32) (param $rowTaps i32) (param $columnTable i32) (param $columnTaps i32)
    (param $size i32) (param $mirrored i32) (param $channels i32) (param $sums i32) (param $target i32)
    (local $row i32) (local $width i32)
    (local.set $width (i32.shl (local.get $size) (i32.const 2)))
    (if (local.get $mirrored)
      (then (local.set $target (i32.add (local.get $target) (i32.sub (local.get $width) (i32.const 4))))))
    (loop $next
      (call $rows
        (i32.add (local.get $source) (i32.load (local.get $rowTable)))
        (local.get $stride) (local.get $bytes)
        (i32.add (local.get $rowTable) (i32.const 4)) (local.get $rowTaps) (local.get $sums))
      (call $columns
        (local.get $sums) (local.get $columnTable) (local.get $columnTaps) (local.get $size) (local.get $target)
        (select (i32.const -4) (i32.const 4) (local.get $mirrored))
        (v128.load (local.get $channels)) (v128.load offset=16 (local.get $channels)))
      (local.set $rowTable (i32.add (local.get $rowTable) (i32.shl (i32.add (local.get $rowTaps) (i32.const 1)) (i32.const 2))))
      (local.set $target (i32.add (local.get $target) (local.get $width)))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $row) (local.get $size))))))
